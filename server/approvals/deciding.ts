import type { Fragment } from 'postgres'
import { refuse } from '../../shared/errors.ts'
import { actorRef, type Ctx, type PersonActor, type Visitor } from '../context.ts'
import { telling } from '../events/event.ts'
import { newId } from '../lib/id.ts'
import { storing } from '../values/value.ts'
import { answering, mustBeNarrower } from './answering.ts'
import { type ApprovalRow, mustBePending, needsAttempt } from './approval.ts'
import { spendAttempt } from './attempt.ts'
import { mayDecideNow } from './right.ts'

/** What a decision says; see the contract. */
export type Decision = {
  action: string
  action_hash: string
  pin?: string | undefined
  comment?: string | undefined
  match_number?: string | undefined
  /** Of a permission request, with its yes; see `permissionDecision`. */
  scope?: Record<string, unknown> | undefined
  standing_seconds?: number | undefined
}

export type Deciding = {
  /** Which approval, as a condition over `approvals a`, and the way to read it. */
  which: Fragment
  find: () => Promise<ApprovalRow | undefined>
  /** Refuses whoever may not decide it. */
  mustBeRightful: (row: ApprovalRow) => void
  /** By name: the rule of who may decide must hold in the statement itself. Otherwise only a plain link is decided. */
  byName: PersonActor | undefined
  /** Ms from loading the page to deciding; null where no page was loaded. */
  dwell: number | null
  visit: Uint8Array | null
}

/**
 * Decides an approval as whoever `ctx` says. A guess at PIN or number is spent first, in a commit of its own, but only by
 * who may decide; then decision, value, history and event are one statement, and no row back means that somebody was
 * first, or that a right ended meanwhile.
 */
export async function decideApproval(ctx: Ctx<Visitor | PersonActor>, of: Deciding, input: Decision): Promise<void> {
  let proven: string | undefined
  // What is allowed is judged against what was asked, which never changes; the statement takes it as it is.
  if (input.scope !== undefined || input.standing_seconds !== undefined) mustBeRight(await of.find(), of, input)
  if (input.pin !== undefined || input.match_number !== undefined) {
    const row = mustBeRight(await of.find(), of, input)
    if (needsAttempt(row)) await spendAttempt(ctx, row, of.find, input)
    proven = row.id
  }
  if (await decided(ctx, of, input, proven)) return
  const row = mustBeRight(await of.find(), of, input)
  if (row.pin_hash !== null && input.pin === undefined) refuse('PIN_REQUIRED')
  if (row.match_number !== null && input.match_number === undefined) refuse('MATCH_NUMBER_REQUIRED')
  if (of.byName) refuse('NOT_AN_APPROVER', { sentence: 'You may no longer decide this.' })
  throw new Error('An approval that could be decided was not.')
}

/** Everything about a decision that can be said without spending an attempt. */
function mustBeRight(row: ApprovalRow | undefined, of: Deciding, input: Decision): ApprovalRow {
  mustBePending(row)
  of.mustBeRightful(row)
  if (!row.actions.some((action) => action.key === input.action)) refuse('INVALID_ACTION_KEY')
  if (row.action_hash !== input.action_hash) refuse('ACTION_CHANGED')
  if (row.comment === 'required' && !input.comment?.trim()) refuse('COMMENT_REQUIRED')
  if (row.comment === 'off' && input.comment !== undefined) refuse('COMMENT_OFF')
  mustBeNarrower(row, input)
  return row
}

/**
 * The one statement. Its clock is read when the row is held: a statement that had to wait for it may not decide what has
 * expired meanwhile. `proven`: the approval whose PIN and number were just found right.
 */
async function decided(
  ctx: Ctx<Visitor | PersonActor>,
  { which, byName, dwell, visit }: Deciding,
  input: Decision,
  proven: string | undefined,
): Promise<boolean> {
  const { sql } = ctx.world.db
  const narrowed = input.scope !== undefined
  const by = sql.json(actorRef(ctx.actor))
  const comment = input.comment?.trim() || null
  const evidence = sql.json({ ip: ctx.ip, user_agent: ctx.userAgent, dwell_ms: dwell })
  const rows = await sql`
    with decided as (
      update approvals a set status = 'executed', ended_at = clock_timestamp(), ended_by = ${by}::jsonb,
        decided_action = ${input.action}, decision_comment = ${comment}, evidence = ${evidence}::jsonb,
        decided_visit = ${visit}
      where ${which} and status = 'pending' and expires_at > clock_timestamp()
        and action_hash = ${input.action_hash}
        and actions @> jsonb_build_array(jsonb_build_object('key', ${input.action}::text))
        and ((pin_hash is null and match_number is null) or id = ${proven ?? null}::text)
        and (comment <> 'required' or ${comment}::text is not null)
        and (comment <> 'off' or ${input.comment ?? null}::text is null)
        and ${byName ? mayDecideNow(sql, byName.id) : sql`link = 'bearer'`}
      returning id, project_id, kind, key_path, ref_id, actions
    ), given as (
      select project_id, key_path, ${newId()} as new_id, chosen ->> 'value' as new_value, ${by}::jsonb as new_by,
        id as by_approval, id, ref_id
      from decided, jsonb_array_elements(actions) as chosen where kind = 'value' and chosen ->> 'key' = ${input.action}
    ), ${storing(sql, sql`given`)}, ${byName ? answering(sql, ctx, input, by) : sql``} told as (${telling(sql, ctx, {
      name: 'approval.executed',
      target: sql`'approval:' || id`,
      payload: sql`jsonb_build_object('approval_id', id, 'key_path', key_path, 'ref_id', ref_id,
        'action', ${input.action}::text, 'version', version)${narrowed ? sql` || '{"narrowed": true}'` : sql``}`,
      from: sql`(select decided.*, stored.version from decided left join stored on true) as done`,
    })})
    select id from decided`
  return rows.length === 1
}
