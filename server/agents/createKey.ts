import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { shownKey } from '../keys/key.ts'
import { endOf } from '../keys/wish.ts'
import { once } from '../once.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { findAgent } from './agent.ts'
import { makeAgentKey } from './making.ts'

/** Makes one more key of an agent; those it has go on (seed 2's rotation without downtime). */
export const createKey: Verb<typeof contract.agents.createKey> = async (ctx, { agentId, env, scopes, expires_at }) => {
  const projectId = liveProjectOf(ctx.actor)
  const expiresAt = endOf(ctx, expires_at)
  return once(ctx, `agents.createKey ${agentId}`, async (sql) => {
    const agent = await findAgent(sql, projectId, agentId)
    if (!agent) return refuse('NOT_FOUND')
    const { key, ...row } = await makeAgentKey(sql, ctx, projectId, agent, { env, scopes, expiresAt })
    return { ...shownKey(row), key }
  })
}
