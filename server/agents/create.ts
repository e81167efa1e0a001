import type { contract } from '../../shared/contract/index.ts'
import { atomically } from '../lib/transaction.ts'
import { once } from '../once.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { findDetail } from './detail.ts'
import { makeAgent } from './making.ts'

/** Makes an agent and its first key in one commit, and shows the key's text this once (seed 2). */
export const create: Verb<typeof contract.agents.create> = async (ctx, { env, scopes, ...wish }) => {
  const projectId = liveProjectOf(ctx.actor)
  return once(ctx, 'agents.create', (sql) =>
    atomically(sql, async (tx) => {
      const { id, key } = await makeAgent(tx, ctx, projectId, wish, { env, scopes, expiresAt: null })
      const made = await findDetail(tx, projectId, id)
      if (!made) throw new Error('The agent was not stored.')
      return { ...made, api_key: key }
    }),
  )
}
