import type { Fragment } from 'postgres'
import type { z } from 'zod'
import type { delivery } from '../../shared/contract/webhook.ts'
import type { Sql } from '../lib/driver/connect.ts'

/** A delivery to a webhook with the last of its tries. */
export type SentRow = {
  id: number
  event_id: string
  event: string
  status: 'waiting' | 'delivered' | 'failed'
  attempts: number
  body: string | null
  created_at: Date
  next_at: Date
  ended_at: Date | null
  last_status: number | null
  last_error: string | null
}

/** Deliveries to a webhook; `rest` begins with `and`, and may order and limit `d`. */
export const selectSent = (sql: Sql, webhookId: string, rest: Fragment): Promise<SentRow[]> =>
  sql<SentRow[]>`
    select d.id::float8 as id, d.event_id, d.event, d.status, d.attempts, d.body, d.created_at, d.next_at, d.ended_at,
      last.status as last_status, last.code as last_error
    from deliveries d left join attempts last on last.delivery_id = d.id and last.number = d.attempts
    where d.webhook_id = ${webhookId} ${rest}`

/** The delivery of one event to a webhook. */
export async function findSent(sql: Sql, webhookId: string, eventId: string): Promise<SentRow | undefined> {
  const [row] = await selectSent(sql, webhookId, sql`and d.event_id = ${eventId}`)
  return row
}

/** A delivery as the contract shows it. */
export const shownSent = (row: SentRow): z.input<typeof delivery> => ({
  event_id: row.event_id,
  event: row.event,
  status: row.status,
  attempts: row.attempts,
  created_at: row.created_at.toISOString(),
  next_at: row.status === 'waiting' ? row.next_at.toISOString() : null,
  ended_at: row.ended_at?.toISOString() ?? null,
  last_status: row.last_status,
  last_error: row.last_error,
})
