import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Ctx } from '../context.ts'
import { telling } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import { makeSecret, mustBeContent, withKeys } from '../secrets/fresh.ts'
import { mailAnswered } from '../secrets/notices.ts'
import type { Verb } from '../verb.ts'
import { type AskRow, askDigest, findByToken } from './ask.ts'

/**
 * Takes the answer to an ask, once: a conditional statement takes the ask, and who loses it has stored nothing. The answer is
 * a secret whose key only who asked has; nothing that came with it, and nothing that stays here, opens it.
 */
export const answer: Verb<typeof contract.asks.answer> = async (ctx, { token, secret }) => {
  const { world } = ctx
  const ask = (await findByToken(world.db.sql, askDigest(world, token))) ?? refuse('NOT_FOUND')
  if (ask.status !== 'open') refuse('ASK_ENDED')
  mustBeContent(secret, ask.encrypted_by)
  const answeredAt = await withKeys(world, ask.answer_ttl, () =>
    atomically(world.db.sql, async (tx) => {
      const at = (await take(tx, ask)) ?? refuse('ASK_ENDED')
      const made = await makeSecret(tx, ctx, {
        projectId: ask.project_id,
        custid: ask.custid,
        content: secret,
        encryptedBy: ask.encrypted_by,
        ttl: ask.answer_ttl,
        memo: ask.title,
        answer: { secretDigest: ask.answer_digest, askKey: ask.public_key },
      })
      await bind(tx, ctx, ask, made.at.id)
      await mailAnswered(tx, ctx, ask, made.expires_at)
      return at
    }),
  )
  return { status: 'answered', answered_at: answeredAt.toISOString() }
}

/** Ends the ask as answered, if it is still open when the row is held. Who is second waits here for the first. */
async function take(tx: Sql, { id }: AskRow): Promise<Date | undefined> {
  const [taken] = await tx<{ ended_at: Date }[]>`
    update asks set status = 'answered', ended_at = clock_timestamp()
    where id = ${id} and status = 'open' and expires_at > clock_timestamp()
    returning ended_at`
  return taken?.ended_at
}

/** Names the answer in its ask, and tells of it. */
async function bind(tx: Sql, ctx: Ctx, { id }: AskRow, secretId: string): Promise<void> {
  await tx`
    with bound as (
      update asks set secret_id = ${secretId} where id = ${id} returning id, project_id, title, secret_id
    )
    ${telling(tx, ctx, {
      name: 'ask.answered',
      target: tx`'ask:' || id`,
      payload: tx`jsonb_build_object('ask_id', id, 'title', title, 'secret_id', secret_id)`,
      from: tx`bound`,
    })}`
}
