import { ulid } from 'ulid'
import type { Ctx } from '../context.ts'
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

/** A project by its name or id. */
export async function findProject(sql: Sql, nameOrId: string): Promise<Project | undefined> {
  const [found] = await sql<Project[]>`
    select id, name from projects where purge_at is null and (name = ${nameOrId} or id = ${nameOrId})`
  return found
}

/** Whether anybody has made a project yet; throwaway ones do not count. */
export async function hasProjects(sql: Sql): Promise<boolean> {
  const [row] = await sql`select exists (select 1 from projects where purge_at is null) as any`
  return row?.any === true
}

/**
 * Removes throwaway projects whose time is up, with all they hold; several nodes may do it at once. Events and versions
 * have no foreign key, so they go in a statement of their own, which sees what was written beside a row that the first
 * one had to wait for.
 */
export async function purgeProjects(sql: Sql): Promise<number> {
  const gone = await sql.begin(async (tx) => {
    const due = await tx<{ id: string }[]>`
      delete from projects where id in (
        select id from projects where purge_at <= now() order by purge_at limit 100 for update skip locked)
      returning id`
    const ids = due.map((one) => one.id)
    if (ids.length > 0)
      await tx`
        with versions as (delete from value_versions where project_id = any (${ids}))
        delete from events where project_id = any (${ids})`
    return ids
  })
  return gone.length
}
