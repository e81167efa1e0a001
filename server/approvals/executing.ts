import type { Fragment } from 'postgres'
import { actorRef, type Ctx, type PersonActor, type Visitor } from '../context.ts'
import { telling } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'
import { storing } from '../values/value.ts'
import { answering } from './answering.ts'
import type { Deciding, Decision } from './deciding.ts'
import { mayDecideNow } from './right.ts'

/** What was just found right: the ids of the approval that it was found right for. */
export type Proofs = {
  /** PIN and number. */
  attempt?: string
  /** The passkey's signature over the `action_hash`. */
  passkey?: string
}

/**
 * That approval `a` takes this decision at this moment. The clock is read when the row is held: a statement that had to
 * wait for it may not decide what has expired meanwhile.
 */
export const takes = (sql: Sql, { which, byName }: Deciding, input: Decision, proven: Proofs): Fragment => sql`
  ${which} and status = 'pending' and expires_at > clock_timestamp()
  and action_hash = ${input.action_hash}
  and actions @> jsonb_build_array(jsonb_build_object('key', ${input.action}::text))
  and ((pin_hash is null and match_number is null) or id = ${proven.attempt ?? null}::text)
  and (not passkey or id = ${proven.passkey ?? null}::text)
  and (comment <> 'required' or ${input.comment?.trim() || null}::text is not null)
  and (comment <> 'off' or ${input.comment ?? null}::text is null)
  and ${byName ? mayDecideNow(sql, byName.id) : sql`link = 'bearer'`}`

/**
 * The one statement: decision, value, history, events. False when nothing was decided. `alone`: by one person, so what
 * several must agree on is not touched; `last vote`: within the transaction that counted the votes.
 */
export async function execute(
  sql: Sql,
  ctx: Ctx<Visitor | PersonActor>,
  of: Deciding,
  input: Decision,
  proven: Proofs,
  how: 'alone' | 'last vote',
): Promise<boolean> {
  const narrowed = input.scope !== undefined
  const by = sql.json(actorRef(ctx.actor))
  const comment = input.comment?.trim() || null
  const evidence = sql.json({ ip: ctx.ip, user_agent: ctx.userAgent, dwell_ms: of.dwell })
  const rows = await sql`
    with decided as (
      update approvals a set status = 'executed', ended_at = clock_timestamp(), ended_by = ${by}::jsonb,
        decided_action = ${input.action}, decision_comment = ${comment}, evidence = ${evidence}::jsonb,
        decided_visit = ${of.visit}
      where ${takes(sql, of, input, proven)} and ${how === 'alone' ? sql`groups is null` : sql`groups is not null`}
      returning id, project_id, kind, key_path, ref_id, actions
    ), given as (
      select project_id, key_path, ${newId()} as new_id, chosen ->> 'value' as new_value, ${by}::jsonb as new_by,
        id as by_approval, id, ref_id
      from decided, jsonb_array_elements(actions) as chosen where kind = 'value' and chosen ->> 'key' = ${input.action}
    ), ${storing(sql, sql`given`)}, ${of.byName ? answering(sql, ctx, input, by) : sql``} told as (${telling(sql, ctx, {
      name: 'approval.executed',
      target: sql`'approval:' || id`,
      payload: sql`jsonb_build_object('approval_id', id, 'key_path', key_path, 'ref_id', ref_id,
        'action', ${input.action}::text, 'version', version)${narrowed ? sql` || '{"narrowed": true}'` : sql``}`,
      from: sql`(select decided.*, stored.version from decided left join stored on true) as done`,
    })})
    select id from decided`
  return rows.length === 1
}
