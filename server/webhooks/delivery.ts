import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Verb } from '../verb.ts'
import { findSent, shownSent } from './sent.ts'
import { findWebhook, projectFor } from './webhook.ts'

type Try = { number: number; at: Date; ms: number; status: number | null; code: string | null; response: string | null }

/** One delivery with its body and its tries. */
export const delivery: Verb<typeof contract.webhooks.delivery> = async ({ world, actor }, { webhook_id, event_id }) => {
  const { sql } = world.db
  const row = (await findWebhook(sql, projectFor(actor), webhook_id)) ?? refuse('NOT_FOUND')
  const sent = (await findSent(sql, row.id, event_id)) ?? refuse('NOT_FOUND')
  const tries = await sql<Try[]>`
    select number, at, ms, status, code, response from attempts where delivery_id = ${sent.id} order by number`
  return {
    ...shownSent(sent),
    body: sent.body,
    tries: tries.map(({ at, code, ...one }) => ({ ...one, at: at.toISOString(), error: code })),
  }
}
