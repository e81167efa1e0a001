import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { ActorRef } from '../../shared/words.ts'
import { instant } from './columns.ts'
import { projects } from './projects.ts'

/**
 * Seed 0's key/value storage. A deleted value stays as a row with `value` null, so that versions never start again and
 * an ETag names one state for good. `id` gives lists a stable order.
 */
export const values = pgTable(
  'values',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    keyPath: text('key_path').notNull(),
    id: text('id').notNull(),
    value: text('value'),
    version: integer('version').notNull(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    updatedBy: jsonb('updated_by').$type<ActorRef>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.keyPath] }),
    index('values_project').on(table.projectId, table.id),
  ],
)

/** Every state a value ever had; null marks a deletion. */
export const valueVersions = pgTable(
  'value_versions',
  {
    projectId: text('project_id').notNull(),
    keyPath: text('key_path').notNull(),
    version: integer('version').notNull(),
    value: text('value'),
    at: instant('at').notNull().defaultNow(),
    by: jsonb('by').$type<ActorRef>().notNull(),
    approvalId: text('approval_id'),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.keyPath, table.version] })],
)
