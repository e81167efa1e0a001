import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { acceptInvitation, findInvitation } from '../users/invitation.ts'
import type { Verb } from '../verb.ts'

/** Joins with the account that is signed in. */
export const accept: Verb<typeof contract.invitations.accept> = async (ctx, { token }) => {
  const { sql } = ctx.world.db
  const found = await findInvitation(sql, ctx.world, token)
  if (!found) refuse('NOT_FOUND')
  await acceptInvitation(sql, ctx, found, ctx.actor)
  return { project_id: found.project_id }
}
