import { isRejection } from '../../clients/typescript/src/outcome.ts'
import type { Action, Release } from '../../drizzle/schema/approvals.ts'
import { refuse } from '../../shared/errors.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { startOf, stepAt } from '../lib/totp.ts'
import { type ApprovalRow, actionHashOf } from './approval.ts'

/** An approval that was said yes to, and what it releases. */
export type Releasing = Pick<ApprovalRow, 'id' | 'action_hash'> & { release: Release; decided_action: string }

/** A yes is one by every notion that somebody may have: no veto, and nothing that clients take for a rejection. */
const isYes = (action: Action): boolean => !(action.veto ?? action.style === 'danger') && !isRejection(action)

/** Whether the row still says what the hash is over, so that nobody exchanges behind a yes what it was said to. */
const isWhatWasDecided = (row: ApprovalRow): boolean => {
  const { id, key_path, actions, info, ref_id, payload, groups, passkey, release } = row
  const approvers = groups ?? row.approvers
  const shown = {
    ...{ approval_id: id, key_path, actions, info, ref_id, payload, link: 'signed_in' as const },
    ...(approvers ? { approvers } : {}),
    ...(passkey ? { passkey: true as const } : {}),
    ...(release ? { release } : {}),
  }
  return actionHashOf(shown) === row.action_hash
}

/** Refuses NOTHING_TO_RELEASE, APPROVAL_PENDING, and RELEASE_DENIED where nobody said yes. */
export function mustBeReleased(row: ApprovalRow): Releasing {
  const { id, action_hash, release, status, actions, decided_action } = row
  if (!release) return refuse('NOTHING_TO_RELEASE')
  if (status === 'pending') refuse('APPROVAL_PENDING')
  const chosen = actions.find(({ key }) => key === decided_action)
  if (status !== 'executed' || !chosen || !isYes(chosen)) return refuse('RELEASE_DENIED')
  if (!isWhatWasDecided(row)) refuse('ACTION_CHANGED')
  return { id, action_hash, release, decided_action: chosen.key }
}

/** Why a reading was not spent, once the statement that spends them found that it may not be. */
export async function whyNot(
  sql: Sql,
  { id, release }: Releasing,
  period: number | undefined,
  now: Date,
): Promise<never> {
  const [row] = await sql<{ released: number; late: boolean }[]>`
    select released, ended_at + make_interval(secs => ${release.seconds}) <= clock_timestamp() as late
    from approvals where id = ${id}`
  const most = 'account' in release ? release.codes : 1
  if (!row || row.released >= most) refuse('RELEASE_USED')
  if (row.late || period === undefined) refuse('RELEASE_EXPIRED')
  const next = startOf(stepAt(now, period) + 1, period)
  return refuse('STEP_USED', { retryAfter: Math.max(1, Math.ceil((next.getTime() - now.getTime()) / 1000)) })
}
