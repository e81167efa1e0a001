import { refuse } from '../../shared/errors.ts'
import { atLeast, type Role } from '../../shared/roles.ts'
import type { Ctx, KeyActor, PersonActor } from '../context.ts'
import { record } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'

/** An active member of a project. */
export type Member = { id: string; name: string; role: Role }

/**
 * Keeps everybody else from changing the people of a project until the transaction ends. Without it two owners could show
 * each other out: each statement would still see the other one. It does not hold up rows that only refer to the project.
 */
export const lockPeople = (tx: Sql, projectId: string) =>
  tx`select 1 from projects where id = ${projectId} for no key update`

/** An active member of the project; undefined when there is none of this id. */
export async function memberOf(sql: Sql, projectId: string, personId: string): Promise<Member | undefined> {
  const [row] = await sql<Member[]>`
    select p.id, p.name, m.role from memberships m join people p on p.id = m.person_id
    where m.project_id = ${projectId} and m.person_id = ${personId} and m.disabled_at is null`
  return row
}

/**
 * What the actor is in the project at this moment, by the rows and not by what was known when the request came: a key is
 * what its maker is, and the command line's an owner. Refuses whoever is no admin any more.
 */
export async function adminRoleOf(tx: Sql, projectId: string, actor: KeyActor | PersonActor): Promise<Role> {
  const personId = actor.type === 'key' ? actor.makerId : actor.id
  if (personId === null) return 'OWNER'
  const role = (await memberOf(tx, projectId, personId))?.role
  if (role && atLeast(role, 'ADMIN')) return role
  return refuse(actor.type === 'key' ? 'MAKER_NOT_ADMIN' : 'INSUFFICIENT_ROLE')
}

/** Refuses what reaches above somebody's own role: giving it, taking it, or touching who has it. */
export function mustReach(mine: Role, other: Role): void {
  if (!atLeast(mine, other))
    refuse('INSUFFICIENT_ROLE', {
      sentence: `This needs the role ${other} in this project, and yours is ${mine}.`,
      details: { needs: other, role: mine },
    })
}

/** Refuses LAST_OWNER when the project would have no owner without this one. Under `lockPeople`. */
export async function mustLeaveAnOwner(tx: Sql, projectId: string, personId: string): Promise<void> {
  const [other] = await tx`
    select 1 from memberships
    where project_id = ${projectId} and role = 'OWNER' and disabled_at is null and person_id <> ${personId} limit 1`
  if (!other) refuse('LAST_OWNER')
}

/** Makes somebody a member of a project that they were never in, as who makes a project is. */
export async function addMember(sql: Sql, ctx: Ctx, projectId: string, { id, name, role }: Member): Promise<void> {
  await sql`insert into memberships (project_id, person_id, role) values (${projectId}, ${id}, ${role})`
  const payload = { person_id: id, name, role }
  await record(sql, ctx, { name: 'person.joined', projectId, target: `person:${id}`, payload })
}
