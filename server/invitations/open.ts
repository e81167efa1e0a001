import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { findInvitation } from '../users/invitation.ts'
import type { Verb } from '../verb.ts'

/** What an invitation's link says to whoever holds it; changes nothing. */
export const open: Verb<typeof contract.invitations.open> = async (ctx, { token }) => {
  const { sql } = ctx.world.db
  const found = await findInvitation(sql, ctx.world, token)
  if (!found) refuse('NOT_FOUND')
  if (found.gone) refuse('INVITATION_GONE')
  const [known] = await sql`select 1 from people where email = ${found.email}`
  return {
    project: found.project,
    email: found.email,
    role: found.role,
    invited_by: found.created_by.name,
    expires_at: found.expires_at.toISOString(),
    known: known !== undefined,
  }
}
