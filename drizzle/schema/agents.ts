import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { Matcher, PolicyEffect } from '../../shared/contract/policy.ts'
import type { ActorRef } from '../../shared/words.ts'
import { instant, ulidKey } from './columns.ts'
import { projects } from './projects.ts'

type Json = Record<string, unknown>

/** Agents (seed 2): of the live project, whichever keys they have. Never deleted, since keys and requests name them. */
export const agents = pgTable(
  'agents',
  {
    id: ulidKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    metadata: jsonb('metadata').$type<Json>().notNull(),
    /** Since when its keys open nothing; it can be enabled again. */
    disabledAt: instant('disabled_at'),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: jsonb('created_by').$type<ActorRef>().notNull(),
  },
  (table) => [index('agents_project').on(table.projectId, table.id)],
)

/**
 * Permission requests (seed 2). One that a person is asked has an approval of the same id; what a policy or a test key
 * answered at once has none. The token is derived from the row, never in it.
 */
export const permissions = pgTable(
  'permissions',
  {
    id: ulidKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    /** Null: asked with a key that is no agent's. No foreign key: agents stay, and each request would lock its agent's row. */
    agentId: text('agent_id'),
    /** The asking key's line of rotations: the token is theirs. */
    keyFamily: text('key_family').notNull(),
    askedBy: jsonb('asked_by').$type<ActorRef>().notNull(),
    action: text('action').notNull(),
    resource: text('resource'),
    scope: jsonb('scope').$type<Json>().notNull(),
    context: jsonb('context').$type<Json>().notNull(),
    actionHash: text('action_hash').notNull(),
    /** Seconds to decide, and again of the token. */
    ttl: integer('ttl').notNull(),
    uses: integer('uses').notNull(),
    used: integer('used').notNull().default(0),
    createdAt: instant('created_at').notNull().defaultNow(),
    /** Null: not answered, or its approval ended without an answer. */
    answer: text('answer').$type<'approved' | 'denied'>(),
    answeredAt: instant('answered_at'),
    answeredBy: jsonb('answered_by').$type<ActorRef>(),
    reason: text('reason'),
    /** What is allowed, where that is less than was asked. */
    granted: jsonb('granted').$type<Json>(),
    /** When the token ends. */
    grantedUntil: instant('granted_until'),
    revokedAt: instant('revoked_at'),
    /** When people were mailed about it; null: they were not, or not about this one. */
    mailedAt: instant('mailed_at'),
  },
  (table) => [
    index('permissions_project').on(table.projectId, table.id),
    index('permissions_agent').on(table.agentId, table.id),
    index('permissions_family').on(table.keyFamily, table.id),
    index('permissions_mailed').on(table.keyFamily, table.mailedAt).where(sql`mailed_at is not null`),
  ],
)

/**
 * Rules that answer permission requests. Asked in the order of `standing` first, then `position`; a standing one is a yes
 * to exactly one thing, given with an approval, until `expires_at`.
 */
export const policies = pgTable(
  'policies',
  {
    id: ulidKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    agentId: text('agent_id').references(() => agents.id, { onDelete: 'cascade' }),
    /** Of a standing yes to a key that is no agent's. */
    keyFamily: text('key_family'),
    matchers: jsonb('matchers').$type<Matcher[]>().notNull(),
    /** Of a standing yes: the whole scope that it is for. */
    exactScope: jsonb('exact_scope').$type<Json>(),
    effect: text('effect').$type<PolicyEffect>().notNull(),
    scopeTemplate: jsonb('scope_template').$type<Json>(),
    reason: text('reason').notNull().default(''),
    enabled: boolean('enabled').notNull().default(true),
    standing: boolean('standing').notNull().default(false),
    expiresAt: instant('expires_at'),
    /** Grows with every change, so that an answer is of the rule that was read. */
    version: integer('version').notNull().default(1),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: jsonb('created_by').$type<ActorRef>().notNull(),
  },
  (table) => [
    index('policies_project').on(table.projectId, table.position),
    index('policies_ending').on(table.expiresAt).where(sql`expires_at is not null`),
  ],
)
