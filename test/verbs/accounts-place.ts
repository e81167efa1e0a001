import type { KeyActor, PersonActor } from '../../server/context.ts'
import type { World } from '../../server/world.ts'
import type { Role } from '../../shared/roles.ts'
import { as } from '../as.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'

/** Seed 3's own example: a seed of 10 bytes, and an account with it. */
export const seed = 'JBSWY3DPEHPK3PXP'
export const wish = { name: 'GitHub', issuer: 'GitHub', tags: ['engineering', 'prod'], secret: seed }

/** A project with an owner, and whoever else is wanted in it; `key`: limited to accounts with these tags. */
export async function makePlace(world: World) {
  const project = await makeProject(world)
  const owner = await makePerson(world, project, 'OWNER')
  const person = async (role: Role) => (await makePerson(world, project, role)).actor
  const key = async (tags: readonly string[] | null = null): Promise<KeyActor> => ({
    ...(await makeKey(world, project, 'admin')).actor,
    accountTags: tags,
  })
  return { project, owner, person, key }
}

/** The verbs of accounts as somebody of a world. */
export const accountsAs = (world: World) => (actor: KeyActor | PersonActor) => as(world, actor).accounts

/** The names of the events about an account, in order, with what the newest says. */
export async function toldOf({ db: { sql } }: World, id: string) {
  const rows = await sql<{ name: string; payload: Record<string, unknown> }[]>`
    select name, payload from events where target = ${`account:${id}`} order by seq`
  return { names: rows.map(({ name }) => name), last: rows.at(-1)?.payload }
}
