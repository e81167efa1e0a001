import type { World } from '../server/world.ts'
import { makeAgent } from './agents.ts'
import { as } from './as.ts'
import { makeProject } from './make.ts'
import { makePerson } from './people.ts'

/** A project with an admin who writes its policies, a member who decides, and an agent that asks. */
export async function policyPlace(world: World) {
  const project = await makeProject(world)
  const ana = await makePerson(world, project, 'ADMIN')
  const mia = await makePerson(world, project, 'MEMBER')
  const { agent, actor } = await makeAgent(world, project)
  return { project, ana, mia, agent, actor, admin: as(world, ana.actor).policies }
}

export type PolicyPlace = Awaited<ReturnType<typeof policyPlace>>
export type Draft = Parameters<PolicyPlace['admin']['create']>[0]

export const about = (action: string): Draft['matchers'] => [{ field: 'action', op: 'equals', value: action }]

/** A policy that allows what `askPermission` asks. */
export const draft = (more: Partial<Draft> = {}): Draft => ({
  name: 'Small refunds',
  matchers: about('email.send'),
  effect: 'auto_approve',
  ...more,
})

/** The policies in their order, each with its place. */
export const namesOf = async (admin: PolicyPlace['admin']) =>
  (await admin.list({})).items.map(({ name, position }) => `${position} ${name}`)

/** What was told of a policy, in order. */
export const toldOfPolicy = ({ db: { sql } }: World, id: string) =>
  sql<{ name: string; payload: unknown }[]>`
    select name, payload from events where target = ${`policy:${id}`} order by seq`
