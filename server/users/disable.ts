import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { atomically } from '../lib/transaction.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { endMembership } from './ending.ts'
import { adminRoleOf, lockPeople, memberOf, mustReach } from './membership.ts'

/** Disables somebody in the project, at once on every node. Who is disabled already stays so, and nothing is told twice. */
export const disable: Verb<typeof contract.users.disable> = async (ctx, { userId }) => {
  const projectId = liveProjectOf(ctx.actor)
  await atomically(ctx.world.db.sql, async (tx) => {
    await lockPeople(tx, projectId)
    const mine = await adminRoleOf(tx, projectId, ctx.actor)
    const person = await memberOf(tx, projectId, userId)
    if (!person) {
      const [was] = await tx`select 1 from memberships where project_id = ${projectId} and person_id = ${userId}`
      return was ? undefined : refuse('NOT_FOUND')
    }
    mustReach(mine, person.role)
    await endMembership(tx, ctx, projectId, person)
  })
}
