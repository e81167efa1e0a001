import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { atLeast } from '../../shared/roles.ts'
import { record } from '../events/event.ts'
import { atomically } from '../lib/transaction.ts'
import { endStandingOf } from '../policies/standing.ts'
import type { Verb } from '../verb.ts'
import { revokeBeyond } from './inviting.ts'
import { adminRoleOf, lockPeople, memberOf, mustLeaveAnOwner, mustReach } from './membership.ts'
import { presentUser, readUser } from './user.ts'

/**
 * Changes what somebody is in the project, at once on every node: neither above one's own role nor of somebody above. What
 * they gave for a while ends with the right to give it.
 */
export const setRole: Verb<typeof contract.users.setRole> = async (ctx, { userId, role }) => {
  const { actor } = ctx
  const projectId = actor.liveProjectId
  return atomically(ctx.world.db.sql, async (tx) => {
    await lockPeople(tx, projectId)
    const mine = await adminRoleOf(tx, projectId, actor)
    const person = await memberOf(tx, projectId, userId)
    if (!person) refuse('NOT_FOUND')
    mustReach(mine, person.role)
    mustReach(mine, role)
    if (person.role === 'OWNER' && role !== 'OWNER') await mustLeaveAnOwner(tx, projectId, userId)
    if (person.role !== role) {
      await tx`update memberships set role = ${role} where project_id = ${projectId} and person_id = ${userId}`
      const payload = { person_id: userId, name: person.name, role, was: person.role }
      await record(tx, ctx, { name: 'person.role_changed', projectId, target: `person:${userId}`, payload })
      await revokeBeyond(tx, ctx, projectId, userId, role)
      if (!atLeast(role, 'MEMBER')) await endStandingOf(tx, ctx, projectId, userId)
    }
    return presentUser(await readUser(tx, projectId, userId))
  })
}
