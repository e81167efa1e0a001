import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Verb } from '../verb.ts'
import { findByLink, linkDigest, mustBePending } from './approval.ts'
import { checkCsrf } from './csrf.ts'
import { endUndecided } from './ending.ts'
import { asHolder, holderOf, mustBeRightful } from './holder.ts'
import { mayDecideNow } from './right.ts'

/**
 * "This wasn't expected": ends the approval without a decision and marks it, so that the project sees it was not wanted.
 * Where the link asks for sign-in, only who may decide may also end it.
 */
export const report: Verb<typeof contract.approvals.report> = async (ctx, input) => {
  const { sql } = ctx.world.db
  const digest = linkDigest(ctx.world, input.token)
  if (ctx.visit === undefined || checkCsrf(ctx.world, ctx.visit, digest, input.csrf_token) === undefined)
    return refuse('CSRF_FAILED')
  const row = await findByLink(sql, digest)
  if (row?.reported) return
  mustBePending(row)
  const holder = await holderOf(ctx, row.project_id)
  mustBeRightful(row, holder)
  const rightful =
    row.link === 'signed_in' && holder.member ? mayDecideNow(sql, holder.member.id) : sql`link = 'bearer'`
  const which = sql`link_digest = ${digest} and kind = 'value' and ${rightful}`
  if (await endUndecided(asHolder(ctx, holder), 'approval.reported', which)) return
  const now = await findByLink(sql, digest)
  if (now?.reported) return
  mustBePending(now)
  refuse('NOT_AN_APPROVER', { sentence: 'You may no longer decide this.' })
}
