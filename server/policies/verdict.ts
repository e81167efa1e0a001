import type { Fragment } from 'postgres'
import type { Matcher, PolicyEffect } from '../../shared/contract/policy.ts'
import { wider } from '../../shared/narrow.ts'
import { canonical } from '../lib/canonical.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { BrokenRule, type Effort, effortOfOne } from './expression.ts'
import { fits, type Subject } from './match.ts'

type Json = Record<string, unknown>

/** A policy as it is asked. */
export type Rule = {
  id: string
  name: string
  version: number
  agent_id: string | null
  key_family: string | null
  matchers: Matcher[]
  exact_scope: Json | null
  effect: PolicyEffect
  scope_template: Json | null
  reason: string
  standing: boolean
}

/** Who asks, and what. */
export type Asking = Subject & { agentId: string | null; keyFamily: string }

/** What the policies say; `rule` null: none matches. `scope`: what is allowed of it. */
export type Verdict = { effect: PolicyEffect; rule: Rule | null; scope: Json; reason: string | null }

/** What is asked of a policy. */
export const ruleColumns = (sql: Sql): Fragment =>
  sql`id, name, version, agent_id, key_family, matchers, exact_scope, effect, scope_template, reason, standing`

/** The policies of a project that hold now, in the order in which they are asked: those that stand have position 0. */
export const rulesOf = (sql: Sql, projectId: string): Promise<Rule[]> => sql<Rule[]>`
  select ${ruleColumns(sql)} from policies
  where project_id = ${projectId} and enabled and (expires_at is null or expires_at > clock_timestamp())
  order by position, id`

/** Whether a rule is about this request; undefined when there is no telling. @throws {BrokenRule} */
function isAbout(rule: Rule, asking: Asking, effort: Effort): boolean | undefined {
  if (rule.agent_id !== null && rule.agent_id !== asking.agentId) return false
  if (rule.key_family !== null && rule.key_family !== asking.keyFamily) return false
  if (rule.exact_scope !== null && canonical(rule.exact_scope) !== canonical(asking.scope)) return false
  return fits(asking, rule.matchers, effort)
}

/** The template laid over what was asked: what it names replaces, objects are gone into. */
function laidOver(asked: Json, template: Json): Json {
  const laid = { ...asked }
  for (const [key, value] of Object.entries(template)) {
    const before = asked[key]
    const both = [before, value].every((one) => typeof one === 'object' && one !== null && !Array.isArray(one))
    laid[key] = both ? laidOver(before as Json, value as Json) : value // both are objects
  }
  return laid
}

/**
 * What the policies answer: the first that is about the request, and approval required when none is. One that cannot be
 * evaluated, or whose template would allow more than was asked, is as good as one that requires approval: it fails closed,
 * and no later one is asked. Where there is no telling, a yes is not given, and a no becomes a question to a person:
 * otherwise "1000" would pass a rule that denies more than 100.
 */
export function judge(rules: readonly Rule[], asking: Asking): Verdict {
  const effort = effortOfOne()
  for (const rule of rules) {
    const about = aboutOrBroken(rule, asking, effort)
    if (about === false) continue
    if (about === undefined && rule.effect === 'auto_approve') continue
    return about === true ? answerOf(rule, asking) : approval(rule, asking)
  }
  return approval(null, asking)
}

const approval = (rule: Rule | null, { scope }: Asking): Verdict => ({
  effect: 'require_approval',
  rule,
  scope,
  reason: null,
})

function aboutOrBroken(rule: Rule, asking: Asking, effort: Effort): boolean | undefined | 'broken' {
  try {
    return isAbout(rule, asking, effort)
  } catch (fault) {
    if (fault instanceof BrokenRule) return 'broken'
    throw fault
  }
}

/** What a rule says to a request that it is about. */
function answerOf(rule: Rule, asking: Asking): Verdict {
  const { effect, scope_template: template } = rule
  if (effect === 'deny') {
    const reason = rule.reason || `The policy "${rule.name}" denies this.`
    return { effect, rule, scope: asking.scope, reason }
  }
  if (effect !== 'auto_approve') return approval(rule, asking)
  const scope = template ? laidOver(asking.scope, template) : asking.scope
  return wider(asking.scope, scope).length > 0 ? approval(rule, asking) : { effect, rule, scope, reason: null }
}
