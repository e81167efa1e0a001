import type { z } from 'zod'
import type { auditRow } from '../../shared/contract/audit.ts'
import type { EventName } from '../../shared/events.ts'
import type { ActorRef } from '../../shared/words.ts'
import type { Sql } from '../lib/driver/connect.ts'

/** An event's row, as far as anybody is told of it. */
export type EventRow = {
  id: string
  name: EventName
  actor: ActorRef
  target: string
  payload: Record<string, unknown>
  request_id: string | null
  ip: string | null
  user_agent: string | null
  at: Date
  /** Number of the seal that covers it. */
  seal: number | null
}

/** Its columns, of `events e`. */
export const eventColumns = (sql: Sql) =>
  sql`e.id, e.name, e.actor, e.target, e.payload, e.request_id, e.ip, e.user_agent, e.at,
    (select s.number from seals s where s.project_id = e.project_id and s.to_tick > e.tick order by s.to_tick limit 1) as seal`

/**
 * An event in the words of the audit log. From where and by which request something was done is part of the audit log
 * proper: whoever may not read that is told who did what.
 */
export const entryOf = (row: EventRow, readsAudit: boolean): z.input<typeof auditRow> => ({
  id: row.id,
  at: row.at.toISOString(),
  action: row.name,
  actor: row.actor,
  target: row.target,
  context: row.payload,
  // What nobody asked for over the network has no address.
  ip: readsAudit ? row.ip || null : null,
  user_agent: readsAudit ? row.user_agent : null,
  request_id: readsAudit ? row.request_id : null,
  seal: row.seal,
})
