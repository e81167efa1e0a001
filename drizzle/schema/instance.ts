import { sql } from 'drizzle-orm'
import { bigint, check, integer, pgTable } from 'drizzle-orm/pg-core'
import { bytea, instant } from './columns.ts'

/**
 * One row: what ties a database to its master key. `check_value` tells a right key from a wrong one; `root_key` is
 * random, from which pepper and every other key of the instance are derived, and is kept wrapped under the master key
 * so that the master key can change without touching a single digest.
 */
export const instance = pgTable(
  'instance',
  {
    id: integer('id').primaryKey().default(1),
    checkValue: bytea('check_value').notNull(),
    rootKey: bytea('root_key').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    /** Added to transaction ids, which begin anew when a dump is restored elsewhere, so that ticks of events only grow. */
    tickOffset: bigint('tick_offset', { mode: 'number' }).notNull().default(0),
    /** Digest of the one-time set-up link; null once somebody has set the instance up. */
    setupDigest: bytea('setup_digest'),
  },
  (table) => [check('instance_is_one_row', sql`${table.id} = 1`)],
)

/**
 * The key that rows are sealed under, by generation: random, wrapped under the master key. Rotating the master key makes a
 * new one; the old goes when no row names it any more.
 */
export const instanceKeys = pgTable('instance_keys', {
  generation: integer('generation').primaryKey(),
  wrapped: bytea('wrapped').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
})
