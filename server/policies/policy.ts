import type { Fragment } from 'postgres'
import type { z } from 'zod'
import { type Matcher, matcher, type policy, type policyDraft } from '../../shared/contract/policy.ts'
import { type FieldIssue, refuse } from '../../shared/errors.ts'
import type { ActorRef } from '../../shared/words.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { faultOf } from './match.ts'
import { type Rule, ruleColumns } from './verdict.ts'

/** What a person writes of a policy. */
export type Draft = z.output<typeof policyDraft>

/** A policy as it is kept. Those that people write have the positions 1 to n of their project; those that stand have 0. */
export type PolicyRow = Rule & {
  position: number
  description: string
  enabled: boolean
  expires_at: Date | null
  created_at: Date
  created_by: ActorRef
}

/** A project has at most so many policies that people wrote. */
export const mostPolicies = 200

/** The policies of a project that fit and have not ended; `rest` begins with `and`, and may order and limit. */
export const selectPolicies = (sql: Sql, projectId: string, rest: Fragment): Promise<PolicyRow[]> => sql<PolicyRow[]>`
  select ${ruleColumns(sql)}, position, description, enabled, expires_at, created_at, created_by from policies
  where project_id = ${projectId} and (expires_at is null or expires_at > clock_timestamp()) ${rest}`

/** A policy that a person wrote. Refuses NOT_FOUND, also for a standing yes, which is ended and never changed. */
export async function findPolicy(sql: Sql, projectId: string, id: string): Promise<PolicyRow> {
  const [row] = await selectPolicies(sql, projectId, sql`and id = ${id} and not standing`)
  return row ?? refuse('NOT_FOUND', { sentence: 'There is no such policy.' })
}

/**
 * Keeps everybody else from changing the policies of a project until the transaction ends: positions are a rule over several
 * rows. It does not hold up requests, which only refer to the project.
 */
export const lockPolicies = (tx: Sql, projectId: string) =>
  tx`select 1 from projects where id = ${projectId} for no key update`

/** Makes room at a position, or closes the gap that one leaves. Under `lockPolicies`. */
export const shiftPolicies = (tx: Sql, projectId: string, from: number, by: 1 | -1) =>
  tx`update policies set position = position + ${by} where project_id = ${projectId} and not standing and position >= ${from}`

/** Refuses matchers that cannot be evaluated, by their place in the input: what is stored can be, but for what is changed by hand. */
export function mustBeReadable(matchers: readonly Matcher[] | undefined, at = 'matchers'): void {
  const issues = (matchers ?? []).flatMap((one, i): FieldIssue[] => {
    const message = faultOf(one)
    return message === undefined ? [] : [{ path: `${at}.${i}`, message }]
  })
  if (issues.length > 0) refuse('INVALID_INPUT', { issues })
}

/** Refuses an agent that the project does not have. */
export async function mustBeItsAgent(
  sql: Sql,
  projectId: string,
  agentId: string | null | undefined,
  path = 'agent_id',
) {
  if (agentId === null || agentId === undefined) return
  const [agent] = await sql`select 1 from agents where id = ${agentId} and project_id = ${projectId}`
  if (!agent) refuse('INVALID_INPUT', { issues: [{ path, message: 'There is no such agent.' }] })
}

/** Why a stored policy cannot be evaluated; null when it can. */
function faultIn({ matchers }: Rule): string | null {
  if (!Array.isArray(matchers) || matchers.length === 0) return 'A policy has at least one matcher.'
  for (const one of matchers) {
    const fault = faultOf(one)
    if (fault !== undefined) return fault
  }
  return null
}

/** A policy as the project sees it. What was changed by hand and is no matcher at all is left out; `fault` says that it is there. */
export function present(row: PolicyRow): z.input<typeof policy> {
  const { id, position, name, description, agent_id, effect, scope_template, reason, enabled, standing } = row
  const fault = faultIn(row)
  return {
    ...{ id, position, name, description, agent_id, effect, scope_template, reason, enabled, standing, fault },
    matchers: [row.matchers].flat().filter((one) => matcher.safeParse(one).success),
    expires_at: row.expires_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
  }
}
