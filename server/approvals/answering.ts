import type { Fragment } from 'postgres'
import { refuse } from '../../shared/errors.ts'
import { wider } from '../../shared/narrow.ts'
import { actorRef, type Ctx, type PersonActor, type Visitor } from '../context.ts'
import { telling } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'
import type { ApprovalRow } from './approval.ts'
import type { Decision } from './deciding.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Refuses what a decision says of a permission where there is none to give, and a scope that is wider than what was asked. */
export function mustBeNarrower(row: ApprovalRow, { action, scope, standing_seconds }: Decision): void {
  if (scope === undefined && standing_seconds === undefined) return
  const path = scope === undefined ? 'standing_seconds' : 'scope'
  if (row.kind !== 'permission' || action !== 'approve')
    refuse('INVALID_INPUT', { issues: [{ path, message: 'Only with the yes to a permission request.' }] })
  const asked = row.payload?.scope
  const issues = scope === undefined || !isObject(asked) ? [] : wider(asked, scope)
  if (issues.length > 0) refuse('SCOPE_WIDER', { issues })
}

/**
 * The CTEs by which a decision answers the permission request of the same id, and gives a yes for a while where it says
 * so; of an approval that sets a value they touch nothing. To be followed by another CTE.
 */
export function answering(
  sql: Sql,
  ctx: Ctx<Visitor | PersonActor>,
  input: Decision,
  by: Fragment | unknown,
): Fragment {
  const answer = input.action === 'approve' ? 'approved' : 'denied'
  const granted = input.scope === undefined ? null : sql.json(input.scope as never)
  return sql`
    answered as (
      update permissions p set answer = ${answer}, answered_at = clock_timestamp(), answered_by = ${by as never}::jsonb,
        reason = ${input.comment?.trim() || null}, granted = ${granted}::jsonb,
        granted_until = case when ${answer === 'approved'} then clock_timestamp() + make_interval(secs => ttl) end
      from decided where p.id = decided.id and decided.kind = 'permission'
      returning p.id, p.project_id, p.agent_id, p.key_family, p.action, p.resource, p.scope, p.granted
    ), ${input.standing_seconds === undefined ? sql`` : standing(sql, ctx, input.standing_seconds)}`
}

/**
 * A yes to exactly what was asked, as often as it is asked until its time is over, and to as much of it: a policy like
 * others, asked first. Its name is cut to 100 bytes, which are 25 characters at least.
 */
const standing = (sql: Sql, ctx: Ctx<Visitor | PersonActor>, seconds: number): Fragment => sql`
    lasting as (
      insert into policies (id, project_id, position, name, agent_id, key_family, matchers, exact_scope, scope_template, effect, standing,
        expires_at, created_by)
      select ${newId()}, project_id, 0,
        left(words, case when octet_length(left(words, 100)) > 100 then 25 else 100 end), agent_id,
        case when agent_id is null then key_family end,
        jsonb_build_array(jsonb_build_object('field', 'action', 'op', 'equals', 'value', action),
          case when resource is null then jsonb_build_object('field', 'resource', 'op', 'absent')
            else jsonb_build_object('field', 'resource', 'op', 'equals', 'value', resource) end),
        scope, granted, 'auto_approve', true, clock_timestamp() + make_interval(secs => ${seconds}::float8),
        ${sql.json(actorRef(ctx.actor))}::jsonb
      from (select *, action || coalesce(' on ' || resource, '') as words from answered) as named
      returning id, project_id, name, expires_at
    ), told_lasting as (${telling(sql, ctx, {
      name: 'policy.standing',
      target: sql`'policy:' || id`,
      payload: sql`jsonb_build_object('policy_id', id, 'name', name, 'approval_id', (select id from decided),
        'expires_at', to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`,
      from: sql`lasting`,
    })}),`
