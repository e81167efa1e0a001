import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { actorRef } from '../context.ts'
import { record } from '../events/event.ts'
import { newId } from '../lib/id.ts'
import { atomically } from '../lib/transaction.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import {
  findPolicy,
  lockPolicies,
  mostPolicies,
  mustBeItsAgent,
  mustBeReadable,
  present,
  shiftPolicies,
} from './policy.ts'

/** Makes a policy before the one at `position`, or as the last. Refuses what cannot be evaluated, and TOO_MANY_POLICIES. */
export const create: Verb<typeof contract.policies.create> = async (ctx, { position: wished, ...draft }) => {
  const projectId = liveProjectOf(ctx.actor)
  mustBeReadable(draft.matchers)
  return atomically(ctx.world.db.sql, async (tx) => {
    await lockPolicies(tx, projectId)
    await mustBeItsAgent(tx, projectId, draft.agent_id)
    const [there] = await tx<{ count: number }[]>`
      select count(*)::int as count from policies where project_id = ${projectId} and not standing`
    const count = there?.count ?? 0
    if (count >= mostPolicies) refuse('TOO_MANY_POLICIES')
    const position = Math.min(wished ?? count + 1, count + 1)
    await shiftPolicies(tx, projectId, position, 1)
    const id = newId()
    const { name, description, agent_id, matchers, effect, scope_template, reason, enabled } = draft
    await tx`
      insert into policies (id, project_id, position, name, description, agent_id, matchers, effect, scope_template, reason,
        enabled, created_by)
      values (${id}, ${projectId}, ${position}, ${name}, ${description}, ${agent_id}, ${tx.json(matchers as never)}, ${effect},
        ${scope_template && tx.json(scope_template as never)}, ${reason}, ${enabled}, ${tx.json(actorRef(ctx.actor))})`
    const payload = { policy_id: id, name }
    await record(tx, ctx, { name: 'policy.created', projectId, target: `policy:${id}`, payload })
    return present(await findPolicy(tx, projectId, id))
  })
}
