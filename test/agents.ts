import { type KeyActor, systemCtx } from '../server/context.ts'
import { actorOfKey } from '../server/keys/known.ts'
import { makeKey } from '../server/keys/made.ts'
import { newId } from '../server/lib/id.ts'
import type { Project } from '../server/projects/project.ts'
import type { World } from '../server/world.ts'
import type { KeyEnv, Scope } from '../shared/scopes.ts'
import { as } from './as.ts'

type AgentWish = { name?: string; env?: KeyEnv; scopes?: readonly Scope[] }

/** A key of an agent that is there: its text, its id, and the actor it makes. */
export async function makeAgentKey(
  world: World,
  project: Pick<Project, 'id'>,
  agent: { id: string; name: string },
  { env = 'live', scopes = [] }: AgentWish = {},
): Promise<{ id: string; key: string; actor: KeyActor }> {
  const made = await makeKey(world.db.sql, systemCtx(world, 'test'), {
    projectId: project.id,
    name: agent.name,
    scopes: ['permissions:request', ...scopes],
    env,
    keyPaths: null,
    transports: ['header', 'basic'],
    lifetime: null,
    agentId: agent.id,
  })
  return { id: made.id, key: made.key, actor: await actorOfKey(world, made.key) }
}

/** An agent with a key. */
export async function makeAgent(world: World, project: Pick<Project, 'id'>, wish: AgentWish = {}) {
  const agent = { id: newId(), name: wish.name ?? 'my-assistant' }
  const { sql } = world.db
  await sql`
    insert into agents (id, project_id, name, metadata, created_by)
    values (${agent.id}, ${project.id}, ${agent.name}, '{}', ${sql.json({ type: 'system', id: null, name: 'test' })})`
  return { agent, ...(await makeAgentKey(world, project, agent, wish)) }
}

type Ask = Parameters<ReturnType<typeof as>['permissions']['request']>[0]

/** A permission request that waits for a person, as its agent sees it. */
export const askPermission = (world: World, actor: KeyActor, ask: Partial<Ask> = {}) =>
  as(world, actor).permissions.request({
    action: 'email.send',
    scope: { to: ['ana@example.com', 'bo@example.com'] },
    ...ask,
  })

/** Answers a request as a person of its project. */
export const answerPermission = (
  world: World,
  actor: Parameters<typeof as>[1],
  asked: { id: string; action_hash: string },
  action: 'approve' | 'deny' = 'approve',
  more: { scope?: Record<string, unknown>; comment?: string; standing_seconds?: number } = {},
) => as(world, actor).approvals.decide({ approval_id: asked.id, action, action_hash: asked.action_hash, ...more })
