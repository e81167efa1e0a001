import { sql } from 'drizzle-orm'
import { bigint, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { KeyEnv, Logging, Scope, Transport } from '../../shared/scopes.ts'
import type { ActorRef } from '../../shared/words.ts'
import { agents } from './agents.ts'
import { bytea, instant, ulidKey } from './columns.ts'
import { people } from './people.ts'
import { projects } from './projects.ts'

/** API keys. The text is never here, only its digest under the pepper; `prefix` and `last4` are for people to tell keys apart. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: ulidKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    digest: bytea('digest').notNull().unique(),
    prefix: text('prefix').notNull(),
    last4: text('last4').notNull(),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    env: text('env').$type<KeyEnv>().notNull().default('live'),
    scopes: text('scopes').array().$type<Scope[]>().notNull(),
    /** Null: any path. Otherwise the prefixes this key may touch. */
    keyPaths: text('key_paths').array(),
    /** Null: any TOTP account. Otherwise those with one of these tags, and what it was granted; an empty list: only that. */
    accountTags: text('account_tags').array(),
    /** Null: from anywhere the project allows. Otherwise addresses and networks; an empty list allows none. */
    ipAllowlist: text('ip_allowlist').array(),
    transports: text('transports').array().$type<Transport[]>().notNull(),
    logging: text('logging').$type<Logging>().notNull().default('none'),
    /** Bodies are kept until then. */
    loggingUntil: instant('logging_until'),
    /** The first key of its line of rotations: what one of them may not do, its successors may not either. */
    family: text('family').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: jsonb('created_by').$type<ActorRef>().notNull(),
    /** The person behind whoever made it, also through another key; null: the command line, which counts as an admin. */
    makerId: text('maker_id').references(() => people.id),
    expiresAt: instant('expires_at'),
    /** Since when it is switched off; it can be switched on again. */
    disabledAt: instant('disabled_at'),
    revokedAt: instant('revoked_at'),
    /** The agent that it is a key of. */
    agentId: text('agent_id').references(() => agents.id, { onDelete: 'cascade' }),
    /** The key that took its place; this one ends with its grace time. */
    replacedBy: text('replaced_by'),
    /** When the alert about its age was raised. */
    agedAt: instant('aged_at'),
  },
  (table) => [
    index('api_keys_project').on(table.projectId, table.id),
    index('api_keys_agent').on(table.agentId),
    index('api_keys_maker').on(table.projectId, table.makerId),
    // The sweeper asks which keys have become old and nobody was told.
    index('api_keys_aging').on(table.createdAt).where(sql`aged_at is null and revoked_at is null`),
  ],
)

/** When and from where each key was last used. A table of its own, so that a use touches no row that nodes have cached. */
export const keyUses = pgTable('key_uses', {
  keyId: text('key_id')
    .primaryKey()
    .references(() => apiKeys.id, { onDelete: 'cascade' }),
  at: instant('at').notNull(),
  ip: text('ip').notNull(),
  userAgent: text('user_agent'),
  firstAt: instant('first_at').notNull(),
  /** Uses so far. */
  uses: bigint('uses', { mode: 'number' }).notNull(),
  /** Networks it came from so far, at most 50; a new one may be worth an alert. */
  networks: text('networks').array().notNull(),
  /** When the last alert about a new network was raised. */
  unusualAt: instant('unusual_at'),
})
