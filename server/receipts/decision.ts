import { refuse } from '../../shared/errors.ts'
import { holds, type Scope } from '../../shared/scopes.ts'
import type { ActorRef } from '../../shared/words.ts'
import { type ApprovalRow, findApproval } from '../approvals/approval.ts'
import { isSeenBy } from '../approvals/sight.ts'
import type { Ctx, KeyActor, PersonActor } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { isTrying } from '../permissions/fresh.ts'
import { reachedBy } from '../permissions/permission.ts'
import type { ReceiptPayload } from './jws.ts'

/** All that a receipt says of a decision. */
export type Decision = Omit<ReceiptPayload, 'audit_head'>

type Asker = Ctx<KeyActor | PersonActor>
type Answered = Pick<Decision, 'action_hash' | 'action' | 'value' | 'scope' | 'decided_by'> & { at: Date }

/** A permission request, as its answer is told. */
type Asked = {
  action_hash: string
  scope: Record<string, unknown>
  granted: Record<string, unknown> | null
  answer: 'approved' | 'denied' | null
  answered_at: Date | null
  answered_by: ActorRef | null
}

/** Whether the asker may look at approvals, and at this one among them. */
const sees = ({ actor }: Asker, row: ApprovalRow, scope: Scope): boolean =>
  (actor.type === 'person' || holds(actor.scopes, scope)) && isSeenBy(actor, row)

async function findAsked({ world, actor }: Asker, id: string, anybodys: boolean): Promise<Asked | undefined> {
  const { sql } = world.db
  const [row] = await sql<Asked[]>`
    select p.action_hash, p.scope, p.granted, p.answer, p.answered_at, p.answered_by from permissions p
    where p.id = ${id} and p.project_id = ${actor.projectId} ${anybodys ? sql`` : reachedBy(sql, actor, 'look')}`
  return row
}

/** Everybody whose vote decided it, oldest first: as it was at that moment, whatever they are now. */
async function votersOf(sql: Sql, { id }: ApprovalRow): Promise<ActorRef[]> {
  const rows = await sql<{ by: ActorRef }[]>`
    select by from votes where approval_id = ${id} and counted order by at, person_id`
  return rows.map(({ by }) => by)
}

async function answerOf(sql: Sql, row: ApprovalRow): Promise<Answered> {
  const chosen = row.actions.find(({ key }) => key === row.decided_action)
  if (row.status === 'pending') return refuse('APPROVAL_PENDING')
  if (row.status !== 'executed' || !chosen || !row.ended_by || !row.ended_at) return refuse('NO_RECEIPT')
  const voters = row.groups ? await votersOf(sql, row) : []
  return {
    action_hash: row.action_hash,
    action: chosen.key,
    value: chosen.value,
    scope: null,
    decided_by: voters.length > 0 ? voters : [row.ended_by],
    at: row.ended_at,
  }
}

/** The answer to a permission request: a policy's or a test key's, or that of its approval. */
async function answerToAsked(sql: Sql, asked: Asked, row: ApprovalRow | undefined): Promise<Answered> {
  const scope = asked.answer === 'approved' ? (asked.granted ?? asked.scope) : null
  if (row) return { ...(await answerOf(sql, row)), value: null, scope }
  if (!asked.answer || !asked.answered_at || !asked.answered_by) return refuse('NO_RECEIPT')
  const action = asked.answer === 'approved' ? 'approve' : 'deny'
  const { action_hash, answered_by, answered_at } = asked
  return { action_hash, action, value: null, scope, decided_by: [answered_by], at: answered_at }
}

/**
 * The decision of an approval or of a permission request, as a receipt tells it. With `scope` somebody reaches all approvals of
 * their key paths; else, and of what has no approval, their own requests.
 * Refuses NOT_FOUND, APPROVAL_PENDING, and NO_RECEIPT of what nobody decided.
 */
export async function findDecision(ctx: Asker, id: string, scope: Scope): Promise<Decision> {
  const { sql } = ctx.world.db
  const { projectId } = ctx.actor
  const row = await findApproval(sql, projectId, id)
  const visible = row !== undefined && sees(ctx, row, scope)
  const asked = row?.kind === 'value' ? undefined : await findAsked(ctx, id, visible)
  if (!asked && !visible) return refuse('NOT_FOUND', { sentence: 'There is no such approval.' })
  const { at, ...answer } = asked ? await answerToAsked(sql, asked, row) : await answerOf(sql, row as ApprovalRow) // visible
  const env = isTrying(ctx) ? 'test' : 'live'
  return { approval_id: id, project: projectId, ...answer, decided_at: at.toISOString(), env }
}
