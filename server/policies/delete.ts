import type { contract } from '../../shared/contract/index.ts'
import { record } from '../events/event.ts'
import { atomically } from '../lib/transaction.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { findPolicy, lockPolicies, shiftPolicies } from './policy.ts'

/** Deletes a policy; those after it move up. What it answered stays answered. */
export const remove: Verb<typeof contract.policies.delete> = async (ctx, { id }) => {
  const projectId = liveProjectOf(ctx.actor)
  return atomically(ctx.world.db.sql, async (tx) => {
    await lockPolicies(tx, projectId)
    const { name, position } = await findPolicy(tx, projectId, id)
    await tx`delete from policies where id = ${id} and project_id = ${projectId}`
    await shiftPolicies(tx, projectId, position, -1)
    await record(tx, ctx, {
      name: 'policy.deleted',
      projectId,
      target: `policy:${id}`,
      payload: { policy_id: id, name },
    })
    return { id }
  })
}
