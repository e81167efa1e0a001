import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { atomically } from '../lib/transaction.ts'
import { sessionCookie } from '../people/cookie.ts'
import { startSession } from '../people/open-session.ts'
import { hashPassword, mustBeGoodPassword } from '../people/password.ts'
import { asPerson, givePassword, makePerson } from '../people/person.ts'
import { acceptInvitation, findInvitation } from '../users/invitation.ts'
import type { Verb } from '../verb.ts'

/**
 * Makes an account for the invited address and joins with it, in one commit. The link proves that an admin meant this
 * person, not that the address is theirs: it may have been handed over by any means, so it counts as unproven until a mail
 * to it was answered.
 */
export const join: Verb<typeof contract.invitations.join> = async (ctx, { token, name, password }) => {
  const { world, notes } = ctx
  const { sql } = world.db
  const invitation = await findInvitation(sql, world, token)
  if (!invitation) return refuse('NOT_FOUND')
  if (invitation.gone) refuse('INVITATION_GONE')
  mustBeGoodPassword(password, invitation.email)
  const hash = await hashPassword(password)
  const session = await atomically(sql, async (tx) => {
    const person = await makePerson(tx, { name, email: invitation.email, verified: false })
    if (!person)
      return refuse('ALREADY_MEMBER', { sentence: 'There is an account with this address; sign in to accept.' })
    await givePassword(tx, person.id, hash)
    await acceptInvitation(tx, asPerson(ctx, person), invitation, person)
    return startSession(tx, ctx, person, { method: 'password' })
  })
  notes.cookies = [...(notes.cookies ?? []), sessionCookie(world, session.token)]
  return { project_id: invitation.project_id }
}
