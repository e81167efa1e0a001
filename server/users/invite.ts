import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { atomically } from '../lib/transaction.ts'
import { once } from '../once.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { mailInvitation, makeInvitation } from './inviting.ts'
import { adminRoleOf, lockPeople, mustReach } from './membership.ts'
import { presentUser, readUser } from './user.ts'

/**
 * Invites an address. A key gives MEMBER at most and is never shown the link: what a program makes happen ends at a
 * person's mailbox. Nobody invites above their own role.
 */
export const invite: Verb<typeof contract.users.invite> = async (ctx, { email, role }) => {
  const { actor } = ctx
  const projectId = liveProjectOf(actor)
  return once(ctx, 'users.invite', (sql) =>
    atomically(sql, async (tx) => {
      await lockPeople(tx, projectId)
      const mine = await adminRoleOf(tx, projectId, actor)
      mustReach(actor.type === 'key' ? 'MEMBER' : mine, role)
      const [member] = await tx`
        select 1 from memberships m join people p on p.id = m.person_id
        where m.project_id = ${projectId} and p.email = ${email} and m.disabled_at is null`
      if (member) refuse('ALREADY_MEMBER')
      const { id, url } = await makeInvitation(tx, ctx, projectId, email, role)
      const mailed = await mailInvitation(tx, ctx, projectId, id, url)
      const made = presentUser(await readUser(tx, projectId, id))
      return { ...made, mailed, ...(actor.type === 'key' ? {} : { url }) }
    }),
  )
}
