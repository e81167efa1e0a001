import type { Fragment } from 'postgres'
import { refuse } from '../../shared/errors.ts'
import type { Ctx, PersonActor, Visitor } from '../context.ts'
import { mustBeNarrower } from './answering.ts'
import { type ApprovalRow, mustBePending, needsAttempt } from './approval.ts'
import { spendAttempt } from './attempt.ts'
import { execute, type Proofs } from './executing.ts'
import { provePasskey } from './passkey.ts'
import { giveVote } from './voting.ts'

/** What a decision says; see the contract. */
export type Decision = {
  action: string
  action_hash: string
  pin?: string | undefined
  comment?: string | undefined
  match_number?: string | undefined
  /** The browser's answer (WebAuthn), whose challenge is the `action_hash`. */
  passkey?: Record<string, unknown> | undefined
  /** Of a permission request, with its yes; see `permissionDecision`. */
  scope?: Record<string, unknown> | undefined
  standing_seconds?: number | undefined
}

export type Deciding = {
  /** Which approval, as a condition over `approvals a`, and the way to read it. */
  which: Fragment
  find: () => Promise<ApprovalRow | undefined>
  /** Refuses whoever may not decide it. */
  mustBeRightful: (row: ApprovalRow) => void
  /** By name: the rule of who may decide must hold in the statement itself. Otherwise only a plain link is decided. */
  byName: PersonActor | undefined
  /** Ms from loading the page to deciding; null where no page was loaded. */
  dwell: number | null
  visit: Uint8Array | null
}

/**
 * Decides an approval as whoever `ctx` says, or gives their vote where several must agree. A passkey's signature is used and
 * a guess at PIN or number is spent first, each in a commit of its own, but only by who may decide; then decision, value,
 * history and event are one statement, and no row back means that somebody was first, or that a right ended meanwhile.
 */
export async function decideApproval(
  ctx: Ctx<Visitor | PersonActor>,
  of: Deciding,
  input: Decision,
): Promise<'executed' | 'pending'> {
  const proven: Proofs = {}
  // What is allowed is judged against what was asked, which never changes; the statement takes it as it is.
  if (input.scope !== undefined || input.standing_seconds !== undefined) mustBeRight(await of.find(), of, input)
  if (input.pin !== undefined || input.match_number !== undefined || input.passkey !== undefined) {
    const row = mustBeRight(await of.find(), of, input)
    if (row.passkey) proven.passkey = await provenBy(ctx, row, of, input)
    if (needsAttempt(row)) {
      await spendAttempt(ctx, row, of.find, input)
      proven.attempt = row.id
    }
  }
  if (await execute(ctx.world.db.sql, ctx, of, input, proven, 'alone')) return 'executed'
  const row = mustBeRight(await of.find(), of, input)
  if (row.passkey) proven.passkey ??= await provenBy(ctx, row, of, input)
  if (row.pin_hash !== null && input.pin === undefined) refuse('PIN_REQUIRED')
  if (row.match_number !== null && input.match_number === undefined) refuse('MATCH_NUMBER_REQUIRED')
  const { byName } = of
  if (!byName) throw new Error('An approval that could be decided was not.')
  const said = row.groups && (await giveVote({ ...ctx, actor: byName }, { ...of, byName }, row.id, input, proven))
  if (said) return said
  if (row.groups) mustBeRight(await of.find(), of, input)
  return refuse('NOT_AN_APPROVER', { sentence: 'You may no longer decide this.' })
}

/** The approval that a passkey has just proved this decision of. */
async function provenBy(ctx: Ctx, row: ApprovalRow, { byName }: Deciding, { passkey }: Decision): Promise<string> {
  await provePasskey(ctx, row, byName, passkey)
  return row.id
}

/** Everything about a decision that can be said without spending an attempt. */
function mustBeRight(row: ApprovalRow | undefined, of: Deciding, input: Decision): ApprovalRow {
  mustBePending(row)
  of.mustBeRightful(row)
  if (!row.actions.some((action) => action.key === input.action)) refuse('INVALID_ACTION_KEY')
  if (row.action_hash !== input.action_hash) refuse('ACTION_CHANGED')
  if (row.comment === 'required' && !input.comment?.trim()) refuse('COMMENT_REQUIRED')
  if (row.comment === 'off' && input.comment !== undefined) refuse('COMMENT_OFF')
  mustBeNarrower(row, input)
  return row
}
