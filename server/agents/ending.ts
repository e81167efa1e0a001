import type { Ctx } from '../context.ts'
import { record } from '../events/event.ts'
import { keysOf, revokeKey } from '../keys/key.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import { findAgent } from './agent.ts'

/**
 * Revokes all keys of an agent, or one, for good, and withdraws what they asked unless another key of it goes on; one
 * commit. Answers the agent's name and how many keys ended by this; `undefined` when the project has no such agent, or it
 * has no such key. Idempotent.
 */
export const revokeAgentKeys = (
  sql: Sql,
  ctx: Ctx,
  projectId: string,
  agentId: string,
  keyId?: string,
): Promise<{ name: string; keys: number } | undefined> =>
  atomically(sql, async (tx) => {
    const agent = await findAgent(tx, projectId, agentId, true)
    if (!agent) return undefined
    const keys = await tx<{ id: string; revoked: boolean }[]>`
      select k.id, k.revoked_at is not null as revoked from api_keys k
      where k.agent_id = ${agentId} and k.project_id in ${keysOf(tx, projectId)}
        and (${keyId ?? null}::text is null or k.id = ${keyId ?? null})
      order by k.id for no key update`
    if (keyId !== undefined && keys.length === 0) return undefined
    const working = keys.filter((key) => !key.revoked)
    for (const { id } of working) await revokeKey(tx, ctx, projectId, id)
    if (working.length > 0) {
      const payload = { agent_id: agentId, name: agent.name, keys: working.length }
      await record(tx, ctx, { name: 'agent.revoked', projectId, target: `agent:${agentId}`, payload })
    }
    return { name: agent.name, keys: working.length }
  })
