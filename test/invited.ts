import { actorOfKey } from '../server/keys/known.ts'
import type { Project } from '../server/projects/project.ts'
import type { World } from '../server/world.ts'
import type { Preset } from '../shared/scopes.ts'
import { as } from './as.ts'
import { makeKey, makeProject } from './make.ts'
import { makePerson } from './people.ts'

/** A key that this person made in a project or its twin. */
export async function makeKeyOf(
  world: World,
  project: Pick<Project, 'id'>,
  maker: { id: string },
  preset: Preset = 'admin',
) {
  const made = await makeKey(world, { name: '', ...project }, preset)
  await world.db.sql`update api_keys set maker_id = ${maker.id} where id = ${made.id}`
  return { ...made, actor: { ...(await actorOfKey(world, made.key)), makerId: maker.id } }
}

/** A project, its owner Olga, and what she does with people. */
export async function makeOwned(world: World) {
  const project = await makeProject(world)
  const owner = await makePerson(world, project, 'OWNER', { name: 'Olga Owner' })
  return { project, owner, users: as(world, owner.actor).users }
}

/** The token of an invitation's link. */
export const ticketOf = ({ url }: { url?: string | undefined }): string => url?.slice(-26) ?? ''

/** The payloads of every event of a name in a project, oldest first. */
export async function toldOf(world: World, project: Pick<Project, 'id'>, name: string): Promise<unknown[]> {
  const rows = await world.db.sql<{ payload: unknown }[]>`
    select payload from events where project_id = ${project.id} and name = ${name} order by seq`
  return rows.map((row) => row.payload)
}
