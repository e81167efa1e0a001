import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { findDetail } from './detail.ts'

/** An agent with its keys, never their texts, and what came of its requests lately. */
export const get: Verb<typeof contract.agents.get> = async (ctx, { agentId }) =>
  (await findDetail(ctx.world.db.sql, liveProjectOf(ctx.actor), agentId)) ?? refuse('NOT_FOUND')
