import { randomBytes } from 'node:crypto'
import { ulid } from 'ulid'
import type { PersonActor } from '../server/context.ts'
import { sessionCookieName } from '../server/http/sessions.ts'
import { newId } from '../server/lib/id.ts'
import { cookieOf, memberIn, openSession, tokenDigest } from '../server/people/session.ts'
import type { Project } from '../server/projects/project.ts'
import type { World } from '../server/world.ts'
import type { Role } from '../shared/roles.ts'

/** A session row of a person, and the cookie that opens it, as the sign-in makes them. `agoMinutes`: signed in then. */
export async function makeSession(world: World, personId: string, agoMinutes = 0) {
  const token = randomBytes(24).toString('base64url')
  const id = newId()
  await world.db.sql`
    insert into sessions (id, person_id, token, expires_at, proven_at, seen_at, created_at, ip_address, user_agent)
    select ${id}, ${personId}, ${tokenDigest(world, token)}, at + interval '90 days', at, at, at, '127.0.0.1', 'test'
    from (select now() - make_interval(mins => ${agoMinutes}) as at)`
  const value = cookieOf(world, token)
  return { id, token, value, cookie: `${sessionCookieName(world.config.publicUrl)}=${value}` }
}

/** A person with a role in a project and an open session; `actor` is what the doors make of them. */
export async function makePerson(
  world: World,
  project: Pick<Project, 'id'>,
  role: Role = 'OWNER',
  { name = 'Ana Silva', email = `${ulid().toLowerCase()}@example.com` } = {},
) {
  const id = newId()
  await world.db.sql`insert into people (id, name, email, email_verified) values (${id}, ${name}, ${email}, true)`
  await joinProject(world, id, project, role)
  const session = await makeSession(world, id)
  return { ...session, sessionId: session.id, id, name, email, actor: await actorIn(world, session.value, project) }
}

/** Makes a person a member of one more project. */
export async function joinProject(world: World, personId: string, project: Pick<Project, 'id'>, role: Role) {
  await world.db.sql`
    insert into memberships (project_id, person_id, role) values (${project.id}, ${personId}, ${role})`
}

/** What the doors make of a session's cookie in a project. */
export async function actorIn(world: World, cookieValue: string, project: Pick<Project, 'id'>): Promise<PersonActor> {
  const session = await openSession(world, cookieValue)
  const actor = session && memberIn(session, project.id)
  if (!actor) throw new Error('The session does not open this project.')
  return actor
}

/** A browser that is signed in: the dashboard's door with the cookie and the project. */
export const dashboardHeaders = (url: string, person: { cookie: string }, project: Pick<Project, 'id'>) => ({
  cookie: person.cookie,
  origin: url,
  'sec-fetch-site': 'same-origin',
  'x-countersign-project': project.id,
})
