import { bigserial, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

/**
 * The access log: one row for each API request with a key, written in batches after the reply. No foreign keys: a row
 * outlives its key, and writing many must lock nothing.
 */
export const requests = pgTable(
  'requests',
  {
    seq: bigserial('seq', { mode: 'number' }).notNull(),
    /** The request's id, as `X-Request-Id` said. */
    id: text('id').notNull(),
    /** The live project, also for its test keys: its people read and keep this log. */
    projectId: text('project_id').notNull(),
    keyId: text('key_id').notNull(),
    at: instant('at').notNull(),
    method: text('method').notNull(),
    /** The route's template, never the address that was asked for. */
    route: text('route').notNull(),
    status: integer('status').notNull(),
    code: text('code'),
    ip: text('ip').notNull(),
    ms: integer('ms').notNull(),
    bytesIn: integer('bytes_in').notNull(),
    bytesOut: integer('bytes_out').notNull(),
    /** JSON text with secrets taken out by the operation's schema, cut at 16 KiB; null unless the key asks for it. */
    requestBody: text('request_body'),
    responseBody: text('response_body'),
  },
  (table) => [
    // Two indexes and no more: every request pays for them.
    primaryKey({ columns: [table.projectId, table.seq] }),
    index('requests_key').on(table.keyId, table.seq),
  ],
)
