import { bigint, index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

/**
 * Mails that were given up: when, of which kind, and by which code of the mail server. Never to whom. Kept for 30 days,
 * so that whoever runs the instance sees that mail does not arrive.
 */
export const mailFailures = pgTable(
  'mail_failures',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant('at').notNull().defaultNow(),
    kind: text('kind').notNull(),
    /** A reply code of SMTP (`550`), or a code of the connection (`ETIMEDOUT`). */
    code: text('code').notNull(),
    attempts: integer('attempts').notNull(),
  },
  (table) => [index('mail_failures_at').on(table.at)],
)
