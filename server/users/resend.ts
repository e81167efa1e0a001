import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Role } from '../../shared/roles.ts'
import { atomically } from '../lib/transaction.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { mailInvitation, renewInvitation } from './inviting.ts'
import { adminRoleOf, lockPeople, mustReach } from './membership.ts'

/** Makes an invitation's link anew, for 7 more days: the old link ends. Whoever is shown it could have invited as much. */
export const resend: Verb<typeof contract.users.resend> = async (ctx, { invitationId: id }) => {
  const projectId = liveProjectOf(ctx.actor)
  return atomically(ctx.world.db.sql, async (tx) => {
    await lockPeople(tx, projectId)
    const [invitation] = await tx<{ role: Role }[]>`
      select role from invitations where id = ${id} and project_id = ${projectId}`
    if (!invitation) refuse('NOT_FOUND')
    mustReach(await adminRoleOf(tx, projectId, ctx.actor), invitation.role)
    const renewed = await renewInvitation(tx, ctx, projectId, id)
    if (!renewed) refuse('INVITATION_GONE')
    const mailed = await mailInvitation(tx, ctx, projectId, id, renewed.url)
    return { url: renewed.url, mailed, expires_at: renewed.expires_at.toISOString() }
  })
}
