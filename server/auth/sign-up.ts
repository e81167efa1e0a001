import { refuse } from '../../shared/errors.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import { asPerson, makePerson, type Person } from '../people/person.ts'
import { claimSetup, isSetupTicket } from '../setup/owner.ts'
import { acceptInvitation, findInvitation } from '../users/invitation.ts'
import type { World } from '../world.ts'
import { theAsking } from './asking.ts'

/** Whether somebody asked for this address to come: an open invitation stands for it. */
async function isInvited(sql: Sql, email: string): Promise<boolean> {
  const [row] = await sql`
    select 1 as yes from invitations
    where email = ${email} and accepted_at is null and revoked_at is null and expires_at > now() limit 1`
  return row !== undefined
}

/**
 * Makes the account of somebody whom GitHub has vouched for: with the set-up link of a fresh instance they run it; else
 * an invitation of their address is asked for unless sign-up is open. Refuses SIGN_UP_CLOSED, SETUP_DONE.
 */
export async function signUp(world: World, who: { name: string; email: string }): Promise<Person> {
  const { ctx, ticket } = theAsking()
  const { sql } = world.db
  if (ticket !== undefined && (await isSetupTicket(sql, world, ticket)))
    return atomically(sql, async (tx) => {
      const person = await makePerson(tx, { ...who, verified: true, runsInstance: true })
      if (!person || !(await claimSetup(tx, ctx, ticket, person))) return refuse('SETUP_DONE')
      return person
    })
  if (world.config.signUp !== 'open' && !(await isInvited(sql, who.email))) refuse('SIGN_UP_CLOSED')
  return (await makePerson(sql, { ...who, verified: true })) ?? refuse('SIGN_UP_CLOSED')
}

/** Joins the project of the invitation that was carried along; a link that does not fit this person opens nothing. */
export async function joinByTicket(tx: Sql, person: Person): Promise<void> {
  const { ctx, ticket } = theAsking()
  if (ticket === undefined) return
  const found = await findInvitation(tx, ctx.world, ticket)
  if (!found || found.gone || found.email !== person.email) return
  const [member] = await tx`
    select 1 as yes from memberships
    where project_id = ${found.project_id} and person_id = ${person.id} and disabled_at is null`
  if (!member) await acceptInvitation(tx, asPerson(ctx, person), found, person)
}
