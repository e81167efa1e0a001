import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { findDetail } from './detail.ts'
import { revokeAgentKeys } from './ending.ts'

/** Ends all keys of an agent, or one, for good, at once on every node; again is no fault. */
export const revoke: Verb<typeof contract.agents.revoke> = async (ctx, { agentId, key_id }) => {
  const { sql } = ctx.world.db
  const projectId = liveProjectOf(ctx.actor)
  if (!(await revokeAgentKeys(sql, ctx, projectId, agentId, key_id))) refuse('NOT_FOUND')
  return (await findDetail(sql, projectId, agentId)) ?? refuse('NOT_FOUND')
}
