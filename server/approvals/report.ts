import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Verb } from '../verb.ts'
import { findByLink, linkDigest, mustBePending } from './approval.ts'
import { checkCsrf } from './csrf.ts'
import { endUndecided } from './ending.ts'

/** "This wasn't expected": ends the approval without a decision and marks it, so that the project sees it was not wanted. */
export const report: Verb<typeof contract.approvals.report> = async (ctx, input) => {
  const { sql } = ctx.world.db
  const digest = linkDigest(ctx.world, input.token)
  if (ctx.visit === undefined || checkCsrf(ctx.world, ctx.visit, digest, input.csrf_token) === undefined)
    return refuse('CSRF_FAILED')
  if (await endUndecided(ctx, 'approval.reported', sql`link_digest = ${digest}`)) return
  const now = await findByLink(sql, digest)
  if (now?.reported) return
  mustBePending(now)
}
