import { ulid } from 'ulid'
import { type KeyActor, systemCtx } from '../server/context.ts'
import { actorOfKey } from '../server/keys/known.ts'
import { makeKey as mintKey, type NewKey } from '../server/keys/made.ts'
import { makeProject as addProject, type Project } from '../server/projects/project.ts'
import type { World } from '../server/world.ts'
import { type Preset, presets } from '../shared/scopes.ts'
import { as } from './as.ts'

/** A project with a name of its own. */
export async function makeProject(world: World, name = `project ${ulid()}`): Promise<Project> {
  const project = await addProject(world.db.sql, systemCtx(world, 'test'), name)
  if (!project) throw new Error(`There is a project ${name} already.`)
  return project
}

/** A key of a project: its text, its id, and the actor it makes. */
export async function makeKey(
  world: World,
  project: Project,
  preset: Preset = 'write',
  more: Partial<NewKey> = {},
): Promise<{ id: string; key: string; actor: KeyActor }> {
  const made = await mintKey(world.db.sql, systemCtx(world, 'test'), {
    projectId: project.id,
    name: `${preset} key`,
    ...presets[preset],
    keyPaths: null,
    transports: ['header', 'basic'],
    lifetime: null,
    ...more,
  })
  return { id: made.id, key: made.key, actor: await actorOfKey(world, made.key) }
}

/** A project with a write key, ready to ask. */
export async function makeAsker(world: World) {
  const project = await makeProject(world)
  return { project, ...(await makeKey(world, project)) }
}

type Wish = Parameters<ReturnType<typeof as>['approvals']['create']>[0]

/** An approval with the token of its link. */
export async function makeApproval(world: World, actor: KeyActor, wish: Partial<Wish> = {}) {
  const made = await as(world, actor).approvals.create({ key_path: 'deploy/prod', value: 'approved', ...wish })
  return { ...made, token: made.url.slice(-26) }
}
