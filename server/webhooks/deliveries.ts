import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import type { Verb } from '../verb.ts'
import { selectSent, shownSent } from './sent.ts'
import { findWebhook, projectFor } from './webhook.ts'

/** What was sent to a webhook, or is to be, newest first. */
export const deliveries: Verb<typeof contract.webhooks.deliveries> = async ({ world, actor }, input) => {
  const { sql } = world.db
  const row = (await findWebhook(sql, projectFor(actor), input.webhook_id)) ?? refuse('NOT_FOUND')
  const before = placeOf(input.cursor, /^[1-9]\d{0,15}$/) ?? null
  const [status, event] = [input.status ?? null, input.event ?? null]
  const rows = await selectSent(
    sql,
    row.id,
    sql`and (${before}::text is null or d.id < ${before}::text::bigint)
      and (${status}::text is null or d.status = ${status}) and (${event}::text is null or d.event = ${event})
      order by d.id desc limit ${input.limit + 1}`,
  )
  return pageOf(rows, input.limit, (one) => String(one.id), shownSent)
}
