import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Verb } from '../verb.ts'
import { findApproval } from './approval.ts'
import { visitDigest } from './csrf.ts'
import { decideApproval } from './deciding.ts'
import { whyNot } from './right.ts'

/** Decides an approval of the project by its id, as the person who is signed in. */
export const decide: Verb<typeof contract.approvals.decide> = async (ctx, input) => {
  const { world, actor } = ctx
  const { sql } = world.db
  const find = () => findApproval(sql, actor.projectId, input.approval_id)
  if (!(await find())) refuse('NOT_FOUND', { sentence: 'There is no such approval.' })
  const status = await decideApproval(
    ctx,
    {
      which: sql`id = ${input.approval_id} and project_id = ${actor.projectId}`,
      find,
      mustBeRightful: (row) => {
        const sentence = whyNot(actor, row)
        if (sentence !== undefined) refuse('NOT_AN_APPROVER', { sentence })
      },
      byName: actor,
      dwell: null,
      visit: ctx.visit === undefined ? null : visitDigest(world, ctx.visit),
    },
    input,
  )
  return { status, action: input.action }
}
