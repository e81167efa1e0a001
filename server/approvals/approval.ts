import type { z } from 'zod'
import type { Action, Evidence, Group, Release } from '../../drizzle/schema/approvals.ts'
import { type ApprovalStatus, type approval, attemptsAllowed } from '../../shared/contract/approval.ts'
import type { progress } from '../../shared/contract/approver.ts'
import { refuse } from '../../shared/errors.ts'
import type { ActorRef } from '../../shared/words.ts'
import { canonical } from '../lib/canonical.ts'
import { hmac, sha256 } from '../lib/crypto.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { normalLinkToken } from '../lib/token.ts'
import { isGuarded } from '../values/guarded.ts'
import type { World } from '../world.ts'
import { furthest, type Vote, votesOf } from './quorum.ts'
import { type ReleaseName, releaseNameOf, shownRelease } from './releasing.ts'

/** An approval's row; `status` and `now` as the database's clock sees them at this read. */
export type ApprovalRow = {
  id: string
  project_id: string
  project: string
  /** `permission`: it answers the permission request of the same id. */
  kind: 'value' | 'permission'
  key_path: string
  actions: Action[]
  info: string | null
  ref_id: string | null
  payload: Record<string, unknown> | null
  action_hash: string
  pin_hash: string | null
  match_number: string | null
  comment: 'optional' | 'required' | 'off'
  link: 'bearer' | 'signed_in'
  approvers: string[] | null
  /** Several must agree; null: one person decides. */
  groups: Group[] | null
  /** With `groups`: what was said so far, oldest first. */
  votes: Vote[] | null
  passkey: boolean
  release: Release | null
  /** What is released is called, as it is called now. */
  release_name: ReleaseName
  released: number
  /** Keys read its value only by an approval. */
  guarded: boolean
  maker_id: string | null
  key_family: string | null
  attempts: number
  status: ApprovalStatus
  created_at: Date
  created_by: ActorRef
  expires_at: Date
  ended_at: Date | null
  ended_by: ActorRef | null
  reported: boolean
  decided_action: string | null
  decision_comment: string | null
  evidence: Evidence | null
  decided_visit: Uint8Array | null
  now: Date
}

/** What wakes whoever waits for an approval; the trigger on `approvals` says it. */
export const topicOf = (id: string): string => `approval ${id}`

/** How a link is stored and found. */
export const linkDigest = (world: World, token: string): Buffer =>
  hmac(world.keys.pepper, `approval link ${normalLinkToken(token)}`)

/** The columns of `approvals a` in `projects p`. A pending approval is expired from its last millisecond on, whether or not the sweeper has been there. */
export const approvalColumns = (sql: Sql) => sql`
  a.id, a.project_id, p.name as project, a.kind, a.key_path, a.actions, a.info, a.ref_id, a.payload, a.action_hash, a.pin_hash,
  a.match_number, a.comment, a.link, a.approvers, a.groups, ${votesOf(sql)} as votes, a.passkey, a.release,
  ${releaseNameOf(sql)} as release_name, a.released, ${isGuarded(sql, sql`a.project_id`, sql`a.key_path`)} as guarded, a.maker_id, a.key_family, a.attempts, a.created_at, a.created_by, a.expires_at, a.ended_by, a.reported,
  a.decided_action, a.decision_comment, a.evidence, a.decided_visit, now(),
  case when a.status = 'pending' and a.expires_at <= now() then 'expired' else a.status end as status,
  case when a.status = 'pending' and a.expires_at <= now() then a.expires_at else a.ended_at end as ended_at`

/** One approval of a project by its id. */
export async function findApproval(sql: Sql, projectId: string, id: string): Promise<ApprovalRow | undefined> {
  const [row] = await sql<ApprovalRow[]>`
    select ${approvalColumns(sql)} from approvals a join projects p on p.id = a.project_id
    where a.id = ${id} and a.project_id = ${projectId}`
  return row
}

/** The approval a link opens. That of a permission request is opened by none: nobody is given its link, and nobody decides by it. */
export async function findByLink(sql: Sql, digest: Uint8Array): Promise<ApprovalRow | undefined> {
  const [row] = await sql<ApprovalRow[]>`
    select ${approvalColumns(sql)} from approvals a join projects p on p.id = a.project_id
    where a.link_digest = ${digest} and a.kind = 'value'`
  return row
}

/** The approvals that are pending for a value, newest first, at most 100. */
export async function pendingFor(sql: Sql, projectId: string, keyPath: string) {
  const rows = await sql<{ id: string; expires_at: Date }[]>`
    select id, expires_at from approvals
    where project_id = ${projectId} and key_path = ${keyPath} and status = 'pending' and expires_at > now()
    order by id desc limit 100`
  return rows.map((row) => ({ approval_id: row.id, expires_at: row.expires_at.toISOString() }))
}

/** What the decision is bound to: all that the approver is shown and decides on. */
export const actionHashOf = (shown: {
  approval_id: string
  key_path: string
  actions: Action[]
  info: string | null
  ref_id: string | null
  payload: Record<string, unknown> | null
  /** Absent for a plain link, whose hash is what it was before there were others. */
  link?: 'signed_in'
  /** Where one of them decides, their names; where several must agree, the groups. */
  approvers?: string[] | Group[]
  passkey?: true
  release?: Release
}): string => sha256(canonical(shown)).toString('hex')

/** A button's words when the caller gave none: `roll_back` reads "Roll back". */
export function labelOf(key: string): string {
  const words = key.replaceAll(/[-_.]+/g, ' ').trim()
  return words === '' ? key : words.charAt(0).toUpperCase() + words.slice(1)
}

export const attemptsLeft = (row: Pick<ApprovalRow, 'attempts'>): number => Math.max(0, attemptsAllowed - row.attempts)

export const needsAttempt = (row: Pick<ApprovalRow, 'pin_hash' | 'match_number'>): boolean =>
  row.pin_hash !== null || row.match_number !== null

/** Refuses when an approval can no longer be decided, with the reason as its code. */
export function mustBePending(row: ApprovalRow | undefined): asserts row is ApprovalRow {
  if (!row) return refuse('NOT_FOUND', { sentence: 'There is no approval behind this link.' })
  if (row.status === 'executed') refuse('APPROVAL_USED')
  if (row.status === 'expired') refuse('APPROVAL_EXPIRED')
  if (row.status === 'invalidated') refuse('APPROVAL_INVALIDATED')
  if (row.status === 'locked' || attemptsLeft(row) === 0) refuse('LOCKED')
}

/** What a decision must bring. */
export const needsOf = (row: Pick<ApprovalRow, 'pin_hash' | 'comment' | 'match_number' | 'passkey'>) => ({
  pin: row.pin_hash !== null,
  comment: row.comment,
  match_number: row.match_number !== null,
  passkey: row.passkey,
})

/** How far an approval that several give has come; null where one person decides. */
export function progressOf({
  groups,
  votes,
  actions,
}: Pick<ApprovalRow, 'groups' | 'votes' | 'actions'>): z.input<typeof progress> | null {
  if (!groups || !votes) return null
  const { have } = furthest(
    groups,
    votes,
    actions.map(({ key }) => key),
  )
  return {
    groups: groups.map((group, at) => ({ ...group, have: have[at] ?? 0 })),
    votes: votes.map(({ by, action, comment, at, role }) => ({ by, action, comment, at, counts: role !== null })),
  }
}

/** The approval as its project sees it. */
export function present(
  row: Omit<ApprovalRow, 'project' | 'project_id' | 'guarded' | 'decided_visit' | 'now'>,
): z.input<typeof approval> {
  const chosen = row.actions.find((action) => action.key === row.decided_action)
  return {
    approval_id: row.id,
    kind: row.kind,
    status: row.status,
    key_path: row.key_path,
    actions: row.actions,
    info: row.info,
    ref_id: row.ref_id,
    payload: row.payload,
    action_hash: row.action_hash,
    needs: needsOf(row),
    attempts_left: attemptsLeft(row),
    link: row.link,
    approvers: row.groups ?? (row.approvers && [{ any_of: row.approvers, required: 1 }]),
    progress: progressOf(row),
    release: shownRelease(row),
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
    expires_at: row.expires_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
    ended_by: row.ended_by,
    reported: row.reported,
    decision:
      chosen && row.ended_by && row.ended_at && row.evidence
        ? {
            action: chosen.key,
            label: chosen.label,
            value: chosen.value,
            comment: row.decision_comment,
            decided_by: row.ended_by,
            decided_at: row.ended_at.toISOString(),
            evidence: row.evidence,
          }
        : null,
  }
}
