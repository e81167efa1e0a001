import type { Fragment } from 'postgres'
import { reached } from '../accounts/reach.ts'
import type { Ctx, KeyActor } from '../context.ts'
import { telling } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { Recipe } from '../lib/totp.ts'
import type { Releasing } from './released.ts'

/** What is released, as the statement found it: sealed, or of a value its text. */
export type Thing =
  | { kind: 'secret'; id: string; sealed: Uint8Array; generation: number }
  | (Recipe & { kind: 'codes'; id: string; sealed: Uint8Array; generation: number })
  | { kind: 'value'; text: string }

/** `left` and `until` null: nothing was spent, and nothing may leave. */
export type Taken = Thing & { works: boolean; here: boolean; left: number | null; until: Date | null }

/** The thing itself, with the time step that its code would be of; nothing where it is gone, or beyond what limits the key. */
function source(sql: Sql, { world, actor }: Ctx<KeyActor>, { release }: Releasing, now: Date): Fragment {
  const known = [...world.vault.known()]
  if ('secret' in release)
    return sql`
      select 'secret' as kind, id, sealed, generation, generation = any(${known}::int[]) as here, null::bigint as step
      from kept_secrets where id = ${release.secret} and project_id = ${actor.projectId}`
  if ('account' in release)
    return sql`
      select 'codes' as kind, id, seed as sealed, key_version as generation, algorithm, digits, period,
        key_version = any(${known}::int[]) as here, ${now.getTime()}::bigint / (1000 * period) as step
      from (${reached(sql, actor)}) a where id = ${release.account}`
  return sql`
    select 'value' as kind, value as text, true as here, null::bigint as step
    from "values" where project_id = ${actor.projectId} and key_path = ${release.value} and value is not null`
}

/** What of the event says which thing it was. */
function named(sql: Sql, { release }: Releasing): Fragment {
  if ('secret' in release) return sql`jsonb_build_object('kept_id', ${release.secret}::text)`
  if ('account' in release) return sql`jsonb_build_object('account_ids', jsonb_build_array(${release.account}::text))`
  return sql`jsonb_build_object('value_path', ${release.value}::text)`
}

/**
 * Finds what an approval releases, spends one reading of it, and tells of that: one statement, so that nothing is opened but
 * for a reading that is on record. It holds the key that asks, as whoever revokes it does. The clock of the time allowed is the
 * database's, read once the row is held; that of time steps is `now`. What lacks its key here is found, and nothing is spent.
 */
export async function takeRelease(sql: Sql, ctx: Ctx<KeyActor>, row: Releasing, now: Date): Promise<Taken | undefined> {
  const { actor } = ctx
  const kind = 'secret' in row.release ? 'secret' : 'account' in row.release ? 'codes' : 'value'
  const most = 'account' in row.release ? row.release.codes : 1
  const [taken] = await sql<Taken[]>`
    with asker as materialized (
      select k.id from api_keys k
      where k.id = ${actor.id} and k.revoked_at is null and k.disabled_at is null
        and (k.expires_at is null or k.expires_at > clock_timestamp())
        and (k.agent_id is null or exists (
          select from agents g where g.id = k.agent_id and g.disabled_at is null for share))
      for share of k
    ), thing as materialized (${source(sql, ctx, row, now)}),
    held as materialized ( -- the key first, as who revokes it does
      select id from approvals
      where id = ${row.id} and project_id = ${actor.projectId} and key_family = ${actor.family}
        and (select count(*) from asker) = 1
      for update
    ), timed as materialized (select id, clock_timestamp() as at from held),
    spent as (
      update approvals a set released = a.released + 1, released_step = coalesce(thing.step, a.released_step)
      from thing, timed
      where a.id = timed.id and a.status = 'executed' and a.decided_action = ${row.decided_action} and a.action_hash = ${row.action_hash}
        and a.released < ${most} and (thing.step is null or a.released_step is null or a.released_step < thing.step)
        and a.ended_at + make_interval(secs => ${row.release.seconds}) > timed.at and thing.here
      returning a.id, a.project_id, a.key_path, a.ref_id, ${most}::int - a.released as left,
        a.ended_at + make_interval(secs => ${row.release.seconds}) as until
    ), told as (${telling(sql, ctx, {
      name: 'approval.released',
      target: sql`'approval:' || id`,
      payload: sql`jsonb_build_object('approval_id', id, 'key_path', key_path, 'ref_id', ref_id, 'kind', ${kind}::text,
        'left', spent.left) || ${named(sql, row)}`,
      from: sql`spent`,
    })})
    select thing.*, (select count(*) from asker) = 1 as works, spent.left, spent.until from thing left join spent on true`
  return taken
}
