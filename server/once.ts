import { refuse } from '../shared/errors.ts'
import type { Ctx } from './context.ts'
import { canonical } from './lib/canonical.ts'
import { derive, hmac, seal, sha256, unseal } from './lib/crypto.ts'
import type { Sql } from './lib/driver/connect.ts'

const dayOfSeconds = 86_400

/**
 * Runs work that creates something, once per `Idempotency-Key` (per API key and operation, for 24 h unless `seconds` says otherwise). Effect and stored reply
 * are one commit: after a crash there are both or neither. The reply is sealed under the instance's key, the API key's
 * text and the Idempotency-Key together, so a dump shows no PIN and no link.
 * Refuses IDEMPOTENCY_IN_FLIGHT while the first is running, IDEMPOTENCY_KEY_REUSED for another body.
 */
export async function once<Answer>(
  ctx: Ctx,
  operation: string,
  work: (sql: Sql) => Promise<Answer>,
  seconds = dayOfSeconds,
): Promise<Answer> {
  const { idempotency: claim, actor, world } = ctx
  if (!claim || actor.type !== 'key') return work(world.db.sql)
  const slot = hmac(world.keys.replies, JSON.stringify([actor.id, operation, claim.key]))
  const sealing = derive(world.keys.replies, `reply ${claim.key}`, sha256(claim.credential))
  // Keyed: a plain digest in a dump could be searched for a short secret or PIN.
  const bodyDigest = hmac(sealing, canonical(claim.body))

  const answer = await world.db.sql.begin(async (tx) => {
    const [lock] = await tx`select pg_try_advisory_xact_lock(${slot.readBigInt64BE().toString()}::bigint) as mine`
    if (!lock?.mine) refuse('IDEMPOTENCY_IN_FLIGHT', { retryAfter: 1 })
    const [kept] = await tx<{ body_digest: Uint8Array; reply: Uint8Array }[]>`
      select body_digest, reply from idempotency where slot = ${slot} and expires_at > now()`
    if (kept) {
      if (!bodyDigest.equals(kept.body_digest)) refuse('IDEMPOTENCY_KEY_REUSED')
      ctx.notes.replayed = true
      return JSON.parse(unseal(sealing, kept.reply, operation).toString()) as Answer // what this function sealed
    }
    // A transaction's client is a client but for what opens new connections, which no work here does.
    const fresh = await work(tx as unknown as Sql)
    const reply = seal(sealing, Buffer.from(JSON.stringify(fresh)), operation)
    await tx`
      insert into idempotency (slot, body_digest, operation, reply, expires_at)
      values (${slot}, ${bodyDigest}, ${operation}, ${reply}, now() + make_interval(secs => ${seconds}))
      on conflict (slot) do update set
        body_digest = excluded.body_digest, reply = excluded.reply, expires_at = excluded.expires_at`
    return fresh
  })
  return answer as Answer // begin() wraps the type for arrays of queries, which this is not
}
