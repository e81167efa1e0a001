import { and, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm'
import { approvals } from '../../drizzle/schema/index.ts'
import type { ApprovalStatus } from '../../shared/contract/approval.ts'
import type { contract } from '../../shared/contract/index.ts'
import { pathsWithin } from '../keys/reach.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import type { Verb } from '../verb.ts'
import { present } from './approval.ts'

const isDue = sql`(${approvals.status} = 'pending' and ${approvals.expiresAt} <= now())`

/** A row as `present` takes it, by the database's clock: pending rows whose time is up are expired already. */
const shown = {
  id: approvals.id,
  kind: approvals.kind,
  key_path: approvals.keyPath,
  actions: approvals.actions,
  info: approvals.info,
  ref_id: approvals.refId,
  payload: approvals.payload,
  action_hash: approvals.actionHash,
  pin_hash: approvals.pinHash,
  match_number: approvals.matchNumber,
  comment: approvals.comment,
  link: approvals.link,
  approvers: approvals.approvers,
  maker_id: approvals.makerId,
  key_family: approvals.keyFamily,
  attempts: approvals.attempts,
  status: sql<ApprovalStatus>`case when ${isDue} then 'expired' else ${approvals.status} end`,
  created_at: approvals.createdAt,
  created_by: approvals.createdBy,
  expires_at: approvals.expiresAt,
  ended_at: sql<Date | null>`case when ${isDue} then ${approvals.expiresAt} else ${approvals.endedAt} end`.mapWith(
    approvals.endedAt,
  ),
  ended_by: approvals.endedBy,
  reported: approvals.reported,
  decided_action: approvals.decidedAction,
  decision_comment: approvals.decisionComment,
  evidence: approvals.evidence,
}

function hasStatus(status: ApprovalStatus | undefined): SQL | undefined {
  if (status === undefined) return undefined
  if (status === 'pending') return and(eq(approvals.status, 'pending'), sql`${approvals.expiresAt} > now()`)
  if (status === 'expired') return sql`(${approvals.status} = 'expired' or ${isDue})`
  return eq(approvals.status, status)
}

/** The approvals this key may see, newest first. */
export const list: Verb<typeof contract.approvals.list> = async (ctx, input) => {
  const before = placeOf(input.cursor, /^[0-9A-Z]{26}$/)
  const rows = await ctx.world.db.orm
    .select(shown)
    .from(approvals)
    .where(
      and(
        eq(approvals.projectId, ctx.actor.projectId),
        hasStatus(input.status),
        input.key_path === undefined ? undefined : eq(approvals.keyPath, input.key_path),
        input.ref_id === undefined ? undefined : eq(approvals.refId, input.ref_id),
        input.since === undefined ? undefined : gte(approvals.createdAt, new Date(input.since)),
        input.until === undefined ? undefined : lt(approvals.createdAt, new Date(input.until)),
        pathsWithin(approvals.keyPath, ctx.actor.keyPaths),
        before === undefined ? undefined : lt(approvals.id, before),
      ),
    )
    .orderBy(desc(approvals.id))
    .limit(input.limit + 1)
  return pageOf(rows, input.limit, (row) => row.id, present)
}
