import type { KeyEnv, Scope } from '../../shared/scopes.ts'
import { actorRef, type Ctx, type KeyActor, type PersonActor, type SystemActor } from '../context.ts'
import { telling } from '../events/event.ts'
import type { KeyRow } from '../keys/key.ts'
import { makeKey } from '../keys/made.ts'
import { mustBeWithin } from '../keys/reach.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'

/** Who makes agents and their keys: somebody over the API, or the command line, which may all. */
type Maker = Ctx<KeyActor | PersonActor | SystemActor>

export type AgentWish = { name: string; description: string; metadata: Record<string, unknown> }

export type AgentKeyWish = {
  env: KeyEnv
  /** Beside `permissions:request`, which every key of an agent has. */
  scopes: readonly Scope[]
  /** Null: never, or with the key that makes it. */
  expiresAt: Date | null
}

/** The scopes of an agent's key, each once. */
export const agentScopes = (more: readonly Scope[]): Scope[] => [...new Set<Scope>(['permissions:request', ...more])]

/**
 * What a key of an agent may. It has no limits of its own at first; made by a key, it has that key's. Refuses
 * INSUFFICIENT_SCOPE for what the maker lacks.
 */
function powersOf({ actor }: Maker, { env, scopes, expiresAt }: AgentKeyWish) {
  const own = actor.type === 'key' ? actor : undefined
  const powers = {
    scopes: agentScopes(scopes),
    env,
    keyPaths: own?.keyPaths ?? null,
    accountTags: own?.accountTags ?? null,
    ipAllowlist: own?.ipAllowlist ?? null,
    expiresAt: expiresAt ?? own?.expiresAt ?? null,
  }
  if (actor.type !== 'system') mustBeWithin(actor, powers)
  return powers
}

/** Makes a key of an agent, called like it. Its text is in the answer and nowhere else, ever. */
export const makeAgentKey = (
  sql: Sql,
  ctx: Maker,
  projectId: string,
  agent: { id: string; name: string },
  wish: AgentKeyWish,
): Promise<KeyRow & { key: string }> =>
  makeKey(sql, ctx, {
    ...powersOf(ctx, wish),
    projectId,
    name: agent.name,
    transports: ['header', 'basic'],
    lifetime: null,
    agentId: agent.id,
  })

/** Makes an agent of a live project with its first key, within a transaction. Answers its id and the key's text. */
export async function makeAgent(
  tx: Sql,
  ctx: Maker,
  projectId: string,
  { name, description, metadata }: AgentWish,
  key: AgentKeyWish,
): Promise<{ id: string; key: string }> {
  const id = newId()
  await tx`
    with made as (
      insert into agents (id, project_id, name, description, metadata, created_by)
      values (${id}, ${projectId}, ${name}, ${description}, ${tx.json(metadata as never)}, ${tx.json(actorRef(ctx.actor))})
      returning id, project_id, name
    )
    ${telling(tx, ctx, {
      name: 'agent.created',
      target: tx`'agent:' || id`,
      payload: tx`jsonb_build_object('agent_id', id, 'name', name)`,
      from: tx`made`,
    })}`
  const made = await makeAgentKey(tx, ctx, projectId, { id, name }, key)
  return { id, key: made.key }
}
