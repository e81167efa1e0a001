import { ulid } from 'ulid'
import type { Ctx, KeyActor, PersonActor } from '../context.ts'
import { record } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'

export type Project = { id: string; name: string }

/** What is wrong with a project's name, as a sentence. */
export const faultOfName = (name: string): string | undefined =>
  /^[A-Za-z0-9][A-Za-z0-9._ -]{0,62}$/.test(name)
    ? undefined
    : 'A project name takes 1 to 63 letters, digits, spaces, dots, dashes and underscores.'

/** Makes a project; `undefined` when the name is taken. `seconds` makes a throwaway one that is purged after them. */
export async function makeProject(sql: Sql, ctx: Ctx, name: string, seconds?: number): Promise<Project | undefined> {
  const id = ulid()
  const [made] = await sql<Project[]>`
    insert into projects (id, name, purge_at)
    values (${id}, ${name}, now() + make_interval(secs => ${seconds ?? null}::float8))
    on conflict do nothing returning id, name`
  if (made)
    await record(sql, ctx, {
      name: 'project.created',
      projectId: id,
      target: `project:${id}`,
      payload: { project_id: id, name },
    })
  return made
}

/** The live project that people, keys and settings belong to, whichever of the two somebody looks at. Test keys never ask. */
export const liveProjectOf = (actor: KeyActor | PersonActor): string =>
  actor.type === 'person' ? actor.liveProjectId : actor.projectId

/**
 * The twin that holds a project's test objects, made with the first test key; of a twin itself. Two who make it at once
 * get the same one. Sessions know a project's twin, so they are told of a new one.
 */
export async function twinOf(sql: Sql, projectId: string): Promise<string> {
  await sql`
    with made as (
      insert into projects (id, name, test_of) select ${ulid()}, name, id from projects
      where id = ${projectId} and test_of is null
      on conflict do nothing returning test_of
    )
    select pg_notify('changes', 'project ' || test_of) from made`
  const [twin] = await sql<{ id: string }[]>`
    select id from projects where test_of = ${projectId} or (id = ${projectId} and test_of is not null)`
  if (!twin) throw new Error('There is no such project to make a twin of.')
  return twin.id
}

/** A live project by its name or id. */
export async function findProject(sql: Sql, nameOrId: string): Promise<Project | undefined> {
  const [found] = await sql<Project[]>`
    select id, name from projects where purge_at is null and test_of is null and (name = ${nameOrId} or id = ${nameOrId})`
  return found
}

/** The live projects of the instance, oldest first; throwaway ones do not count. */
export const listProjects = (sql: Sql): Promise<Project[]> =>
  sql<Project[]>`select id, name from projects where purge_at is null and test_of is null order by id`

/** Whether anybody has made a project yet; throwaway ones do not count. */
export async function hasProjects(sql: Sql): Promise<boolean> {
  const [row] = await sql`select exists (select 1 from projects where purge_at is null and test_of is null) as any`
  return row?.any === true
}

/**
 * Removes throwaway projects whose time is up, with their twins and all they hold; several nodes may do it at once. A
 * function of the database does it, since the server itself may not delete audit rows. Answers how many went.
 */
export async function purgeProjects(sql: Sql): Promise<number> {
  const [row] = await sql<{ gone: number }[]>`select purge_projects(100) as gone`
  return row?.gone ?? 0
}

/** The one project of the instance that takes one-time secrets from anybody; most take none. */
export async function guestProject(sql: Sql): Promise<string | undefined> {
  const [row] = await sql<{ id: string }[]>`select id from projects where guest_secrets`
  return row?.id
}
