import { sql } from 'drizzle-orm'
import { type AnyPgColumn, boolean, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
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
    /**
     * Set on the twin that holds a project's test objects: test keys belong to it, so that no statement over live rows
     * can reach a test object or the other way round. Its people are the live project's.
     */
    testOf: text('test_of').references((): AnyPgColumn => projects.id, { onDelete: 'cascade' }),
    /** Who may use API keys of this project at all: addresses and networks; null: from anywhere. */
    ipAllowlist: text('ip_allowlist').array(),
    /** Days that rows of the access log are kept. */
    requestsDays: integer('requests_days').notNull().default(30),
    /** Days that audit rows are kept; null: for ever. */
    auditDays: integer('audit_days'),
    sessionIdleMinutes: integer('session_idle_minutes').notNull().default(30),
    sessionHours: integer('session_hours').notNull().default(12),
    rememberDays: integer('remember_days').notNull().default(30),
    /** Alerts about keys go to the admins by mail. */
    alertMail: boolean('alert_mail').notNull().default(true),
    /** Codes of TOTP accounts are covered until somebody uncovers one. */
    codesHidden: boolean('codes_hidden').notNull().default(true),
    /** Anybody may make one-time secrets here without a key; one project of an instance at most. */
    guestSecrets: boolean('guest_secrets').notNull().default(false),
  },
  (table) => [
    uniqueIndex('projects_name').on(table.name).where(sql`purge_at is null and test_of is null`),
    uniqueIndex('projects_test_of').on(table.testOf).where(sql`test_of is not null`),
    uniqueIndex('projects_guests').on(table.guestSecrets).where(sql`guest_secrets`),
    index('projects_purge_at').on(table.purgeAt).where(sql`purge_at is not null`),
  ],
)
