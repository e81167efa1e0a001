import type { z } from 'zod'
import { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { linesOfAgent, withdrawAsked } from '../approvals/withdrawing.ts'
import { record } from '../events/event.ts'
import { atomically } from '../lib/transaction.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { findAgent, shownAgent } from './agent.ts'

type Change = z.output<typeof contract.agents.update.input>

/** The fields of a change in their order. */
const fields = Object.keys(contract.agents.update.input.shape).filter((one) => one !== 'agentId')

const named = (input: Change) => fields.filter((field) => input[field as keyof Change] !== undefined) // fields are its keys

/** Changes the fields that are sent. Switched off, an agent's keys open nothing at once on every node, and what it asks is withdrawn. */
export const update: Verb<typeof contract.agents.update> = async (ctx, input) => {
  const projectId = liveProjectOf(ctx.actor)
  return atomically(ctx.world.db.sql, async (tx) => {
    const held = await findAgent(tx, projectId, input.agentId, true)
    if (!held) return refuse('NOT_FOUND')
    const disabled = input.disabled ?? held.disabled
    await tx`
      update agents set name = ${input.name ?? held.name}, description = ${input.description ?? held.description},
        metadata = ${tx.json((input.metadata ?? held.metadata) as never)},
        disabled_at = case when ${disabled} then coalesce(disabled_at, now()) end
      where id = ${held.id}`
    const payload = { agent_id: held.id, name: input.name ?? held.name, fields: named(input) }
    if (payload.fields.length > 0)
      await record(tx, ctx, { name: 'agent.changed', projectId, target: `agent:${held.id}`, payload })
    if (disabled && !held.disabled)
      await withdrawAsked(tx, ctx, await linesOfAgent(tx, held.id), 'The agent that asked was switched off.')
    const changed = await findAgent(tx, projectId, held.id)
    return changed ? shownAgent(changed) : refuse('NOT_FOUND')
  })
}
