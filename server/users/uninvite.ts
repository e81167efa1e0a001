import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { revokeInvitation } from './inviting.ts'

/** Revokes an invitation; one that is revoked already stays so. */
export const uninvite: Verb<typeof contract.users.uninvite> = async (ctx, { invitationId }) => {
  const { sql } = ctx.world.db
  const projectId = liveProjectOf(ctx.actor)
  if (await revokeInvitation(sql, ctx, projectId, invitationId)) return
  const [left] = await sql<{ accepted: boolean }[]>`
    select accepted_at is not null as accepted from invitations where id = ${invitationId} and project_id = ${projectId}`
  if (!left) refuse('NOT_FOUND')
  if (left.accepted) refuse('INVITATION_GONE', { sentence: 'This invitation was used; disable the person instead.' })
}
