import type { Matcher, PolicyEffect } from '../../shared/contract/policy.ts'
import { wider } from '../../shared/narrow.ts'
import { canonical } from '../lib/canonical.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { BrokenRule, fits, type Subject } from './match.ts'

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

/** The policies of a project that hold now, in the order in which they are asked. */
export const rulesOf = (sql: Sql, projectId: string): Promise<Rule[]> => sql<Rule[]>`
  select id, name, version, agent_id, key_family, matchers, exact_scope, effect, scope_template, reason, standing
  from policies where project_id = ${projectId} and enabled and (expires_at is null or expires_at > now())
  order by standing desc, position, id`

/** Whether a rule is about this request. @throws {BrokenRule} */
function isAbout(rule: Rule, asking: Asking): boolean {
  if (rule.agent_id !== null && rule.agent_id !== asking.agentId) return false
  if (rule.key_family !== null && rule.key_family !== asking.keyFamily) return false
  if (rule.exact_scope !== null && canonical(rule.exact_scope) !== canonical(asking.scope)) return false
  return fits(asking, rule.matchers)
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
 * and no later one is asked.
 */
export function judge(rules: readonly Rule[], asking: Asking): Verdict {
  const approval = (rule: Rule | null): Verdict => ({
    effect: 'require_approval',
    rule,
    scope: asking.scope,
    reason: null,
  })
  for (const rule of rules) {
    try {
      if (!isAbout(rule, asking)) continue
    } catch (fault) {
      if (fault instanceof BrokenRule) return approval(rule)
      throw fault
    }
    if (rule.effect === 'require_approval') return approval(rule)
    if (rule.effect === 'deny')
      return {
        effect: 'deny',
        rule,
        scope: asking.scope,
        reason: rule.reason || `The policy "${rule.name}" denies this.`,
      }
    const scope = rule.scope_template ? laidOver(asking.scope, rule.scope_template) : asking.scope
    return wider(asking.scope, scope).length > 0
      ? approval(rule)
      : { effect: 'auto_approve', rule, scope, reason: null }
  }
  return approval(null)
}
