import { sql } from 'drizzle-orm'
import { index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { ActorRef } from '../../shared/words.ts'
import { bytea, instant } from './columns.ts'
import { projects } from './projects.ts'
import { generation } from './sealed.ts'

/** Ed25519 keys that sign receipts: one signs, those from before stay published, so that old receipts still verify. */
export const signingKeys = pgTable(
  'signing_keys',
  {
    /** RFC 7638 thumbprint of the public key. */
    kid: text('kid').primaryKey(),
    publicKey: bytea('public_key').notNull(),
    sealed: bytea('sealed').notNull(),
    generation: generation(),
    createdAt: instant('created_at').notNull().defaultNow(),
    retiredAt: instant('retired_at'),
  },
  (table) => [
    uniqueIndex('signing_keys_active').on(sql`(true)`).where(sql`retired_at is null`),
    index('signing_keys_generation').on(table.generation),
  ],
)

/** Receipts that were used: each at most once, whatever its text. */
export const consumedReceipts = pgTable('consumed_receipts', {
  /** The id of the approval, or of the permission request that was answered without one. */
  approvalId: text('approval_id').primaryKey(),
  projectId: text('project_id')
    .notNull()
    .references(() => projects.id, { onDelete: 'cascade' }),
  at: instant('at').notNull().defaultNow(),
  by: jsonb('by').$type<ActorRef>().notNull(),
})
