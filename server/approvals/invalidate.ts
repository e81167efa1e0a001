import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { actorRef } from '../context.ts'
import { telling } from '../events/event.ts'
import { reaches } from '../keys/key.ts'
import type { Verb } from '../verb.ts'
import { findApproval, mustBePending } from './approval.ts'

/** Ends a pending approval without a decision (seed 0). Twice is as good as once; after a decision or expiry it refuses. */
export const invalidate: Verb<typeof contract.approvals.invalidate> = async (ctx, input) => {
  const { sql } = ctx.world.db
  const { projectId, keyPaths } = ctx.actor
  const before = await findApproval(sql, projectId, input.approval_id)
  if (!before || !reaches(keyPaths, before.key_path))
    return refuse('NOT_FOUND', { sentence: 'There is no such approval.' })
  const [ended] = await sql`
    with ended as (
      update approvals set status = 'invalidated', ended_at = clock_timestamp(), ended_by = ${sql.json(actorRef(ctx.actor))}::jsonb
      where id = ${input.approval_id} and project_id = ${projectId} and status = 'pending' and expires_at > clock_timestamp()
      returning id, project_id, key_path, ref_id
    ), told as (${telling(sql, ctx, {
      name: 'approval.invalidated',
      target: sql`'approval:' || id`,
      payload: sql`jsonb_build_object('approval_id', id, 'key_path', key_path, 'ref_id', ref_id)`,
      from: sql`ended`,
    })})
    select id from ended`
  if (ended) return
  const now = await findApproval(sql, projectId, input.approval_id)
  if (now?.status === 'invalidated') return
  mustBePending(now)
}
