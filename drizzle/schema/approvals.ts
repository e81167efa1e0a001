import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { ApprovalStatus } from '../../shared/contract/approval.ts'
import type { ActorRef } from '../../shared/words.ts'
import { bytea, instant, ulidKey } from './columns.ts'
import { projects } from './projects.ts'

/** One button: what it says, and what it sets. `veto`: as it was asked for; else style `danger` is one. */
export type Action = { key: string; value: string; label: string; style: string; veto?: boolean }

/** So many of these must agree: e-mail addresses and `role:ADMIN`. */
export type Group = { any_of: string[]; required: number }

/** What may leave once the approval is executed: a release-only secret, codes of an account, or a value. */
export type Release = ({ secret: string } | { account: string; codes: number } | { value: string }) & {
  seconds: number
}

/** What was seen of whoever decided. */
export type Evidence = { ip: string; user_agent: string | null; dwell_ms: number | null }

/**
 * Approvals (seed 0). Immutable but for where they stand; every change of `status` is one conditional statement, and the
 * link is kept only as a digest under the pepper.
 */
export const approvals = pgTable(
  'approvals',
  {
    id: ulidKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    /** `permission`: it answers the permission request of the same id, and sets no value. */
    kind: text('kind').$type<'value' | 'permission'>().notNull().default('value'),
    linkDigest: bytea('link_digest').notNull().unique(),
    keyPath: text('key_path').notNull(),
    actions: jsonb('actions').$type<Action[]>().notNull(),
    info: text('info'),
    refId: text('ref_id'),
    payload: jsonb('payload').$type<Record<string, unknown>>(),
    actionHash: text('action_hash').notNull(),
    /** argon2id over HMAC(pepper, PIN), so that a dump alone cannot be searched for it. */
    pinHash: text('pin_hash'),
    matchNumber: text('match_number'),
    comment: text('comment').$type<'optional' | 'required' | 'off'>().notNull(),
    /** `signed_in`: only a signed-in person decides, and the link alone opens nothing. */
    link: text('link').$type<'bearer' | 'signed_in'>().notNull().default('bearer'),
    /** Who may decide, frozen at creation: e-mail addresses and `role:ADMIN`; null: any OWNER, ADMIN or MEMBER. */
    approvers: text('approvers').array(),
    /** Given when more than one person must agree: every group reaches its count by distinct people; `approvers` are all of them. */
    groups: jsonb('groups').$type<Group[]>(),
    /** When somebody last voted; a change of it wakes whoever watches. */
    votedAt: instant('voted_at'),
    /** Whoever decides proves it with a passkey, whose challenge is the `action_hash`. */
    passkey: boolean('passkey').notNull().default(false),
    release: jsonb('release').$type<Release>(),
    /** How often it was released, and the last time step whose code was. */
    released: integer('released').notNull().default(0),
    releasedStep: bigint('released_step', { mode: 'number' }),
    /** Channels that are told of this one, whatever events they take otherwise. */
    channels: text('channels').array(),
    /** The person behind the asking key; with `approvers` they never count. */
    makerId: text('maker_id'),
    /** The asking key's line of rotations: whoever one of them invited never decides by name. */
    keyFamily: text('key_family'),
    attempts: integer('attempts').notNull().default(0),
    /** When the last attempt was reserved: a fifth one whose process died before it was judged is locked by the sweeper. */
    attemptedAt: instant('attempted_at'),
    status: text('status').$type<ApprovalStatus>().notNull().default('pending'),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: jsonb('created_by').$type<ActorRef>().notNull(),
    expiresAt: instant('expires_at').notNull(),
    endedAt: instant('ended_at'),
    endedBy: jsonb('ended_by').$type<ActorRef>(),
    reported: boolean('reported').notNull().default(false),
    decidedAction: text('decided_action'),
    decisionComment: text('decision_comment'),
    evidence: jsonb('evidence').$type<Evidence>(),
    /** Digest of the visit that decided, so that the same browser is told "by you". */
    decidedVisit: bytea('decided_visit'),
  },
  (table) => [
    index('approvals_project').on(table.projectId, table.id),
    index('approvals_project_ref').on(table.projectId, table.refId, table.id),
    index('approvals_project_path').on(table.projectId, table.keyPath, table.id),
    index('approvals_project_status').on(table.projectId, table.status, table.id),
    // The inbox: what waits, soonest to expire first, and what ended last.
    index('approvals_waiting').on(table.projectId, table.expiresAt).where(sql`status = 'pending'`),
    index('approvals_ended').on(table.projectId, table.endedAt).where(sql`ended_at is not null`),
    // The sweeper asks these two every second: what is late, and what was guessed at and never judged.
    index('approvals_due').on(table.expiresAt).where(sql`status = 'pending'`),
    index('approvals_guessed').on(table.attemptedAt).where(sql`status = 'pending' and attempts > 0`),
  ],
)
