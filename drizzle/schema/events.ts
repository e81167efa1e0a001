import { bigserial, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { EventName } from '../../shared/events.ts'
import type { ActorRef } from '../../shared/words.ts'
import { instant } from './columns.ts'

/**
 * What happened: one row is the audit entry and the outbox entry, written in the commit of what it tells. It refers to
 * its project without a foreign key: what was audited outlives what it tells of.
 */
export const events = pgTable(
  'events',
  {
    seq: bigserial('seq', { mode: 'number' }).primaryKey(),
    id: text('id').notNull().unique(),
    projectId: text('project_id').notNull(),
    name: text('name').$type<EventName>().notNull(),
    actor: jsonb('actor').$type<ActorRef>().notNull(),
    target: text('target').notNull(),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
    requestId: text('request_id'),
    ip: text('ip'),
    at: instant('at').notNull().defaultNow(),
  },
  (table) => [
    index('events_project').on(table.projectId, table.seq),
    index('events_target').on(table.projectId, table.target, table.seq),
  ],
)
