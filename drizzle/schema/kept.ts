import { index, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { ActorRef } from '../../shared/words.ts'
import { bytea, instant, ulidKey } from './columns.ts'
import { projects } from './projects.ts'
import { generation } from './sealed.ts'

/**
 * Secrets that leave only by an approval (`release_only`): no link opens them, and no list shows them. Sealed under the
 * instance's key alone, because the service must be able to open them whenever people said yes.
 */
export const keptSecrets = pgTable(
  'kept_secrets',
  {
    id: ulidKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    sealed: bytea('sealed').notNull(),
    generation: generation(),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: jsonb('created_by').$type<ActorRef>().notNull(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('kept_secrets_name').on(table.projectId, table.name),
    index('kept_secrets_generation').on(table.generation),
  ],
)

/** Values that keys read only by an approval: every value at or below one of these paths. */
export const guardedPaths = pgTable(
  'guarded_paths',
  {
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    keyPath: text('key_path').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: jsonb('created_by').$type<ActorRef>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.keyPath] })],
)
