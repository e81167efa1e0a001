import type { z } from 'zod'
import { isRejection } from '../../clients/typescript/src/outcome.ts'
import type { Action, Release } from '../../drizzle/schema/approvals.ts'
import type { shownRelease as release } from '../../shared/contract/approval.ts'
import { refuse } from '../../shared/errors.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { startOf, stepAt } from '../lib/totp.ts'
import type { ApprovalRow } from './approval.ts'

/** What the thing is called that an approval releases; null: nothing, or it is gone. */
export type ReleaseName = string | null

/** The name of what approval `a` releases, as it is now. */
export const releaseNameOf = (sql: Sql) => sql`
  case when a.release ? 'secret' then
      (select k.name from kept_secrets k where k.id = a.release ->> 'secret' and k.project_id = a.project_id)
    when a.release ? 'account' then
      (select c.name from accounts c where c.id = a.release ->> 'account' and c.project_id = a.project_id)
    else a.release ->> 'value' end`

/** What leaves with a yes, as people are told before they decide; null: nothing. */
export function shownRelease(
  row: Pick<ApprovalRow, 'release' | 'release_name' | 'released' | 'created_by'>,
): z.input<typeof release> | null {
  const { release: asked } = row
  if (!asked) return null
  const common = { name: row.release_name, to: row.created_by, seconds: asked.seconds, released: row.released }
  if ('secret' in asked) return { kind: 'secret', id: asked.secret, codes: null, ...common }
  if ('account' in asked) return { kind: 'codes', id: asked.account, codes: asked.codes, ...common }
  return { kind: 'value', id: asked.value, codes: null, ...common }
}

/** An approval that was said yes to, and what it releases. */
export type Releasing = Pick<ApprovalRow, 'id' | 'action_hash'> & { release: Release; decided_action: string }

/** A yes is one by every notion that somebody may have: no veto, and nothing that clients take for a rejection. */
const isYes = (action: Action): boolean => !(action.veto ?? action.style === 'danger') && !isRejection(action)

/** Refuses NOTHING_TO_RELEASE, APPROVAL_PENDING, and RELEASE_DENIED where nobody said yes. What was decided never changes. */
export function mustBeReleased({ id, action_hash, release, status, actions, decided_action }: ApprovalRow): Releasing {
  if (!release) return refuse('NOTHING_TO_RELEASE')
  if (status === 'pending') refuse('APPROVAL_PENDING')
  const chosen = actions.find(({ key }) => key === decided_action)
  if (status !== 'executed' || !chosen || !isYes(chosen)) return refuse('RELEASE_DENIED')
  return { id, action_hash, release, decided_action: chosen.key }
}

/** Why a reading was not spent, once the statement that spends them found that it may not be. */
export async function whyNot(
  sql: Sql,
  { id, release }: Releasing,
  { period }: { period?: number },
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
