import { setImmediate as nextTurn } from 'node:timers/promises'
import type { contract } from '../../shared/contract/index.ts'
import type { ActorRef } from '../../shared/words.ts'
import { canonical } from '../lib/canonical.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { type Draft, findPolicy, mustBeItsAgent, mustBeReadable, type PolicyRow, selectPolicies } from './policy.ts'
import { judge, type Rule, type Verdict } from './verdict.ts'

type Asked = {
  id: string
  agent_id: string | null
  key_family: string
  asked_by: ActorRef
  action: string
  resource: string | null
  scope: Record<string, unknown>
  created_at: Date
}

/** Milliseconds after which no further request is looked at: costly expressions over many requests take that long. */
const longEnough = 3000

/** A draft as a rule; without an id where it is none of those that are there. */
const ruleOf = (draft: Draft, id = ''): Rule & { enabled: boolean } => ({
  ...draft,
  ...{ id, version: 0, key_family: null, exact_scope: null, standing: false },
})

/** The rules in the order in which they would be asked with the draft in its place. */
function withDraft(all: readonly PolicyRow[], draft: Draft, id: string | undefined, position: number | undefined) {
  const standing = all.filter((row) => row.standing)
  const written = all.filter((row) => !row.standing)
  const held = written.findIndex((row) => row.id === id)
  const others = written.filter((row) => row.id !== id)
  const at = position === undefined ? (held < 0 ? others.length : held) : position - 1
  return [...standing, ...others.slice(0, at), ruleOf(draft, id), ...others.slice(at)]
}

const shown = ({ effect, rule }: Verdict) => ({
  effect,
  policy_id: rule?.id || null,
  policy: rule?.name ?? null,
})

const differs = (one: Verdict, other: Verdict) =>
  one.effect !== other.effect || (one.effect === 'auto_approve' && canonical(one.scope) !== canonical(other.scope))

/** Judges the last requests of the project as they would be judged now, and with a draft. Changes nothing. */
export const dryRun: Verb<typeof contract.policies.dryRun> = async (ctx, { draft, id, position, limit }) => {
  const { sql } = ctx.world.db
  const projectId = liveProjectOf(ctx.actor)
  mustBeReadable(draft?.matchers, 'draft.matchers')
  if (id !== undefined) await findPolicy(sql, projectId, id)
  await mustBeItsAgent(sql, projectId, draft?.agent_id, 'draft.agent_id')
  const [all, requests] = await Promise.all([
    selectPolicies(sql, projectId, sql`order by position, id`),
    sql<Asked[]>`
      select id, agent_id, key_family, asked_by, action, resource, scope, created_at from permissions
      where project_id = ${projectId} order by id desc limit ${limit}`,
  ])
  const rules = all.filter((rule) => rule.enabled)
  const drafted = draft ? withDraft(all, draft, id, position).filter((rule) => rule.enabled) : rules
  const counts = () => ({ auto_approve: 0, require_approval: 0, deny: 0 })
  const answer = { changed: 0, now: counts(), with_draft: counts() }
  const items = []
  const begun = performance.now()
  for (const asked of requests) {
    if (ctx.signal.aborted || performance.now() - begun > longEnough) break
    const asking = { ...asked, agentId: asked.agent_id, keyFamily: asked.key_family }
    const now = judge(rules, asking)
    const then = draft ? judge(drafted, asking) : now
    answer.now[now.effect]++
    answer.with_draft[then.effect]++
    if (differs(now, then)) answer.changed++
    items.push({
      id: asked.id,
      agent: asked.asked_by,
      action: asked.action,
      resource: asked.resource,
      scope: asked.scope,
      created_at: asked.created_at.toISOString(),
      now: shown(now),
      with_draft: shown(then),
    })
    await nextTurn() // others of this node are not held up by all of it
  }
  return { ...answer, items }
}
