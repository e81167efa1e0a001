import { sql } from 'drizzle-orm'
import { index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant, ulidKey } from './columns.ts'

/** The unit of tenancy: every other row belongs to one project. */
export const projects = pgTable(
  'projects',
  {
    id: ulidKey(),
    name: text('name').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    /** Set on the demo's throwaway projects: gone with all they hold after this. */
    purgeAt: instant('purge_at'),
  },
  (table) => [
    uniqueIndex('projects_name').on(table.name).where(sql`purge_at is null`),
    index('projects_purge_at').on(table.purgeAt).where(sql`purge_at is not null`),
  ],
)
