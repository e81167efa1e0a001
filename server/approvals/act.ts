import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Verb } from '../verb.ts'
import { findByLink, linkDigest, mustBePending } from './approval.ts'
import { checkCsrf, visitDigest } from './csrf.ts'
import { decideApproval } from './deciding.ts'
import { asHolder, holderOf, mustBeRightful, nobody } from './holder.ts'

/** Decides an approval by its link (seed 0): whoever holds a plain one, or the person who is signed in. */
export const act: Verb<typeof contract.approvals.act> = async (ctx, input) => {
  const { world } = ctx
  const { sql } = world.db
  const digest = linkDigest(world, input.token)
  const dwell = ctx.visit === undefined ? undefined : checkCsrf(world, ctx.visit, digest, input.csrf_token)
  if (dwell === undefined) return refuse('CSRF_FAILED')
  const find = () => findByLink(sql, digest)
  // Whose project it is must be known to know what a person is there; nobody else pays for that read.
  const row = (await ctx.signedIn?.()) ? await find() : undefined
  if (row) mustBePending(row)
  const holder = row ? await holderOf(ctx, row.project_id) : nobody
  const status = await decideApproval(
    asHolder(ctx, holder),
    {
      which: sql`link_digest = ${digest} and kind = 'value'`,
      find,
      mustBeRightful: (found) => mustBeRightful(found, holder),
      byName: row?.link === 'signed_in' ? holder.member : undefined,
      dwell,
      visit: visitDigest(world, ctx.visit ?? ''),
    },
    input,
  )
  return { status, action: input.action }
}
