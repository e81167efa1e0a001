import type { Ctx } from '../context.ts'
import { derive, sha256 } from '../lib/crypto.ts'
import { networkOf } from '../lib/network.ts'
import { type Opener, openContent, unwrapKey } from './sealing.ts'
import { type SecretRow, wrappedAt } from './secret.ts'

/** Seconds in which a reply that was lost comes once more. */
export const replaySeconds = 60

/** Who asks, as far as a repeated request must come from the same: a key, a person, else a network. */
function askerOf({ actor, ip }: Ctx): string {
  return actor.type === 'key' || actor.type === 'person' ? `${actor.type} ${actor.id}` : `network ${networkOf(ip)}`
}

/** Opens a secret that was read, for the same request: all that the claim asked for, the Idempotency-Key, and the asker. */
export const replayOpener = (ctx: Ctx, opener: Opener, idempotencyKey: string): Opener =>
  derive(opener, 'replay opener', sha256(JSON.stringify([idempotencyKey, askerOf(ctx)])))

/** Whether a repeated request may still find its reply. */
export const isReplayable = (row: SecretRow): row is SecretRow & { replay_key: Uint8Array } =>
  row.state === 'received' && row.replay_key !== null && row.replay_until !== null && row.replay_until > row.now

/** What the first reply held; undefined for any other request than the first one's, and once the minute is over. */
export async function readAgain(ctx: Ctx, row: SecretRow, opener: Opener, idempotencyKey: string) {
  if (!isReplayable(row)) return undefined
  const at = wrappedAt(row)
  const dataKey = await unwrapKey(
    ctx.world,
    at,
    'replay_key',
    replayOpener(ctx, opener, idempotencyKey),
    row.replay_key,
  )
  if (!dataKey) return undefined
  const [kept] = await ctx.world.db.sql<{ content: Uint8Array }[]>`
    select content from secrets where id = ${row.id} and content is not null and replay_until > now()`
  return kept && { dataKey, content: openContent(at, dataKey, kept.content) }
}
