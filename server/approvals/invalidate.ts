import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { reaches } from '../keys/reach.ts'
import type { Verb } from '../verb.ts'
import { findApproval, mustBePending } from './approval.ts'
import { endUndecided } from './ending.ts'

/** Ends a pending approval without a decision (seed 0). Twice is as good as once; after a decision or expiry it refuses. */
export const invalidate: Verb<typeof contract.approvals.invalidate> = async (ctx, input) => {
  const { sql } = ctx.world.db
  const { projectId, keyPaths } = ctx.actor
  const before = await findApproval(sql, projectId, input.approval_id)
  if (!before || !reaches(keyPaths, before.key_path))
    return refuse('NOT_FOUND', { sentence: 'There is no such approval.' })
  const which = sql`id = ${input.approval_id} and project_id = ${projectId}`
  if (await endUndecided(ctx, 'approval.invalidated', which)) return
  const now = await findApproval(sql, projectId, input.approval_id)
  if (now?.status === 'invalidated') return
  mustBePending(now)
}
