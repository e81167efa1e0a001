import type { contract } from '../../shared/contract/index.ts'
import { record } from '../events/event.ts'
import { canonical } from '../lib/canonical.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import {
  findPolicy,
  lockPolicies,
  mustBeItsAgent,
  mustBeReadable,
  type PolicyRow,
  present,
  shiftPolicies,
} from './policy.ts'

/** What can be changed, in the order in which it is told of. */
const fields = ['name', 'description', 'agent_id', 'matchers', 'effect', 'scope_template', 'reason', 'enabled'] as const

/** The place that a wish means: the last one is as far as it goes. */
async function placeFor(tx: Sql, projectId: string, before: PolicyRow, wished: number | undefined): Promise<number> {
  const [last] = await tx<{ position: number }[]>`
    select max(position)::int as position from policies where project_id = ${projectId} and not standing`
  return Math.min(wished ?? before.position, last?.position ?? before.position)
}

/** Changes what was sent of a policy, and its place; its version grows, so that no answer is of what it was. */
export const update: Verb<typeof contract.policies.update> = async (ctx, { id, position: wished, ...sent }) => {
  const projectId = liveProjectOf(ctx.actor)
  mustBeReadable(sent.matchers)
  return atomically(ctx.world.db.sql, async (tx) => {
    await lockPolicies(tx, projectId)
    const before = await findPolicy(tx, projectId, id)
    await mustBeItsAgent(tx, projectId, sent.agent_id)
    const position = await placeFor(tx, projectId, before, wished)
    const now = { ...before, ...sent, position }
    const changed = fields.filter((name) => canonical(now[name]) !== canonical(before[name]))
    const moved = position !== before.position
    if (changed.length === 0 && !moved) return present(before)
    if (moved) {
      await shiftPolicies(tx, projectId, before.position + 1, -1)
      await shiftPolicies(tx, projectId, position, 1)
    }
    await tx`
      update policies set version = version + 1, position = ${position}, name = ${now.name}, description = ${now.description},
        agent_id = ${now.agent_id}, matchers = ${tx.json(now.matchers as never)}, effect = ${now.effect},
        scope_template = ${now.scope_template && tx.json(now.scope_template as never)}, reason = ${now.reason},
        enabled = ${now.enabled}
      where id = ${id} and project_id = ${projectId}`
    const payload = { policy_id: id, name: now.name, fields: moved ? [...changed, 'position'] : changed }
    await record(tx, ctx, { name: 'policy.changed', projectId, target: `policy:${id}`, payload })
    return present(await findPolicy(tx, projectId, id))
  })
}
