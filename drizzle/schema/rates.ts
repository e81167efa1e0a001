import { bigint, integer, pgTable, text } from 'drizzle-orm/pg-core'

/**
 * Counters of the exact rate classes, in the columns rate-limiter-flexible asks for. The migration makes it UNLOGGED:
 * after a crash of the database the windows start anew, and no request waits for a flush to be counted.
 */
export const rates = pgTable('rates', {
  key: text('key').primaryKey(),
  points: integer('points').notNull().default(0),
  expire: bigint('expire', { mode: 'number' }),
})
