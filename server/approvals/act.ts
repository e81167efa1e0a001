import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { actorRef, type Ctx, type Visitor } from '../context.ts'
import { telling } from '../events/event.ts'
import { newId } from '../lib/id.ts'
import { storing } from '../values/value.ts'
import type { Verb } from '../verb.ts'
import { type ApprovalRow, findByLink, linkDigest, mustBePending, needsAttempt } from './approval.ts'
import { spendAttempt } from './attempt.ts'
import { checkCsrf, visitDigest } from './csrf.ts'

type Decision = z.output<typeof contract.approvals.act.input>

/**
 * Decides an approval (seed 0). A guess at PIN or number is spent first, in a commit of its own; then decision, value,
 * history and event are one statement, and no row back means that somebody was first.
 */
export const act: Verb<typeof contract.approvals.act> = async (ctx, input) => {
  const digest = linkDigest(ctx.world, input.token)
  const dwell = ctx.visit === undefined ? undefined : checkCsrf(ctx.world, ctx.visit, digest, input.csrf_token)
  if (dwell === undefined) return refuse('CSRF_FAILED')
  const guessing = input.pin !== undefined || input.match_number !== undefined
  let proven: string | undefined
  if (guessing) {
    const row = mustBeRight(await findByLink(ctx.world.db.sql, digest), input)
    if (needsAttempt(row)) await spendAttempt(ctx, digest, row, input)
    proven = row.id
  }
  if (await decide(ctx, digest, input, dwell, proven)) return { status: 'executed', action: input.action }
  const row = mustBeRight(await findByLink(ctx.world.db.sql, digest), input)
  if (row.pin_hash !== null && input.pin === undefined) refuse('PIN_REQUIRED')
  if (row.match_number !== null && input.match_number === undefined) refuse('MATCH_NUMBER_REQUIRED')
  throw new Error('An approval that could be decided was not.')
}

/** Everything about a decision that can be said without spending an attempt. */
function mustBeRight(row: ApprovalRow | undefined, input: Decision): ApprovalRow {
  mustBePending(row)
  if (!row.actions.some((action) => action.key === input.action)) refuse('INVALID_ACTION_KEY')
  if (row.action_hash !== input.action_hash) refuse('ACTION_CHANGED')
  if (row.comment === 'required' && !input.comment?.trim()) refuse('COMMENT_REQUIRED')
  if (row.comment === 'off' && input.comment !== undefined) refuse('COMMENT_OFF')
  return row
}

/**
 * The one statement. Its clock is read when the row is held: a statement that had to wait for it may not decide what has
 * expired meanwhile. `proven`: the approval whose PIN and number were just found right.
 */
async function decide(
  ctx: Ctx<Visitor>,
  digest: Uint8Array,
  input: Decision,
  dwell: number,
  proven: string | undefined,
): Promise<boolean> {
  const { sql } = ctx.world.db
  const by = sql.json(actorRef(ctx.actor))
  const comment = input.comment?.trim() || null
  const evidence = sql.json({ ip: ctx.ip, user_agent: ctx.userAgent, dwell_ms: dwell })
  const decided = await sql`
    with decided as (
      update approvals set status = 'executed', ended_at = clock_timestamp(), ended_by = ${by}::jsonb,
        decided_action = ${input.action}, decision_comment = ${comment}, evidence = ${evidence}::jsonb,
        decided_visit = ${visitDigest(ctx.world, ctx.visit ?? '')}
      where link_digest = ${digest} and status = 'pending' and expires_at > clock_timestamp()
        and action_hash = ${input.action_hash}
        and actions @> jsonb_build_array(jsonb_build_object('key', ${input.action}::text))
        and ((pin_hash is null and match_number is null) or id = ${proven ?? null}::text)
        and (comment <> 'required' or ${comment}::text is not null)
        and (comment <> 'off' or ${input.comment ?? null}::text is null)
      returning id, project_id, key_path, ref_id, actions
    ), given as (
      select project_id, key_path, ${newId()} as new_id, chosen ->> 'value' as new_value, ${by}::jsonb as new_by,
        id as by_approval, id, ref_id
      from decided, jsonb_array_elements(actions) as chosen where chosen ->> 'key' = ${input.action}
    ), ${storing(sql, sql`given`)}, told as (${telling(sql, ctx, {
      name: 'approval.executed',
      target: sql`'approval:' || id`,
      payload: sql`jsonb_build_object('approval_id', id, 'key_path', key_path, 'ref_id', ref_id,
        'action', ${input.action}::text, 'version', version)`,
      from: sql`(select given.*, stored.version from given, stored) as done`,
    })})
    select id from decided`
  return decided.length === 1
}
