import { index, pgTable, text } from 'drizzle-orm/pg-core'
import { bytea, instant } from './columns.ts'

/** Replies kept for a repeated `Idempotency-Key`, 24 h. The reply is sealed under a key that only the caller's request completes. */
export const idempotency = pgTable(
  'idempotency',
  {
    /** HMAC over API key id, route and Idempotency-Key. */
    slot: bytea('slot').primaryKey(),
    bodyDigest: bytea('body_digest').notNull(),
    operation: text('operation').notNull(),
    reply: bytea('reply').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('idempotency_due').on(table.expiresAt)],
)
