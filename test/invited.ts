import { actorOfKey } from '../server/keys/known.ts'
import type { Project } from '../server/projects/project.ts'
import type { World } from '../server/world.ts'
import type { Preset } from '../shared/scopes.ts'
import { makeKey } from './make.ts'

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

/** The token of an invitation's link. */
export const ticketOf = ({ url }: { url?: string | undefined }): string => url?.slice(-26) ?? ''

/** What was told about a project, oldest first: name and target's kind. */
export async function toldOf(world: World, project: Pick<Project, 'id'>, name: string): Promise<unknown[]> {
  const rows = await world.db.sql<{ payload: unknown }[]>`
    select payload from events where project_id = ${project.id} and name = ${name} order by seq`
  return rows.map((row) => row.payload)
}
