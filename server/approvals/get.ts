import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Verb } from '../verb.ts'
import { waitFor } from '../wait.ts'
import { findApproval, present, topicOf } from './approval.ts'
import { isSeenBy } from './sight.ts'

/** Reads an approval; with `wait`, as soon as it is no longer pending. What the key may not look at is not found. */
export const get: Verb<typeof contract.approvals.get> = async (ctx, input) => {
  const { projectId } = ctx.actor
  const row = await waitFor(
    ctx,
    topicOf(input.approval_id),
    input.wait,
    () => findApproval(ctx.world.db.sql, projectId, input.approval_id),
    (found) => found?.status !== 'pending',
  )
  if (!row || !isSeenBy(ctx.actor, row)) return refuse('NOT_FOUND', { sentence: 'There is no such approval.' })
  return present(row)
}
