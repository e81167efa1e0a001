import type { Ctx } from '../context.ts'
import { hmac } from '../lib/crypto.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { makeLinkToken, normalLinkToken } from '../lib/token.ts'
import type { Person } from '../people/person.ts'
import type { Project } from '../projects/project.ts'
import { addMember } from '../users/membership.ts'
import type { World } from '../world.ts'

/** How the set-up link is stored: what it says is nowhere in the database. */
const digestOf = (world: World, token: string): Buffer =>
  hmac(world.keys.pepper, `set-up link ${normalLinkToken(token)}`)

/** Whether nobody runs the instance yet: then the set-up link still makes somebody who does. */
export async function isSetupOpen(sql: Sql): Promise<boolean> {
  const [row] = await sql`select not exists (select 1 from people where runs_instance) as open`
  return row?.open === true
}

/** A fresh set-up link, in place of an earlier one; undefined once somebody runs the instance. */
export async function freshSetupLink(world: World): Promise<string | undefined> {
  const token = makeLinkToken()
  const [row] = await world.db.sql`
    update instance set setup_digest = ${digestOf(world, token)}
    where not exists (select 1 from people where runs_instance) returning id`
  return row && `${world.config.publicUrl}/setup#${token}`
}

/** Whether the token is the one of the set-up link that can still be used. */
export async function isSetupTicket(sql: Sql, world: World, token: string): Promise<boolean> {
  const [row] = await sql`select 1 as yes from instance where setup_digest = ${digestOf(world, token)}`
  return row !== undefined
}

/**
 * Spends the set-up link for a person who was just made, within their transaction: undefined when somebody else was first.
 * Projects that have nobody (made on the command line) are theirs from now on, and answered: nobody else could open them.
 */
export async function claimSetup(tx: Sql, ctx: Ctx, token: string, person: Person): Promise<Project[] | undefined> {
  const [claimed] = await tx`
    update instance set setup_digest = null where setup_digest = ${digestOf(ctx.world, token)} returning id`
  if (!claimed) return undefined
  const left = await tx<Project[]>`
    select id, name from projects p
    where purge_at is null and test_of is null
      and not exists (select 1 from memberships m where m.project_id = p.id and m.disabled_at is null)
    order by id`
  for (const { id } of left) await addMember(tx, ctx, id, { id: person.id, name: person.name, role: 'OWNER' })
  return left
}
