import type { Ctx, KeyActor, PersonActor } from '../context.ts'
import { telling } from '../events/event.ts'
import type { Recipe } from '../lib/totp.ts'
import { reached } from './reach.ts'

/** An account whose code was asked for, as the statement found it. */
export type Looked = Recipe & {
  id: string
  seed: Uint8Array
  key_version: number
  /** Why its code may not be given; null where it may, and that is on record. */
  fault: 'NOT_FOUND' | 'CODES_USED_UP' | 'STEP_USED' | 'KEY_MISSING' | 'ONLY_BY_APPROVAL' | null
  /** Codes that are left of so many; null where they are not counted. */
  codes_left: number | null
}

/**
 * Finds which of these accounts the asker may use, spends one code of each access by count, and tells of the look: one
 * statement, so that no code is made but for a look that is on record, and a right that ended is gone at this very read.
 * `now` is what time steps go by. Accounts whose key is not here, and those that
 * keys get codes of only by an approval, are found, and neither spent nor told of.
 */
export async function lookAt(ctx: Ctx<KeyActor | PersonActor>, ids: readonly string[], now: Date): Promise<Looked[]> {
  const { world, actor } = ctx
  const { sql } = world.db
  return sql<Looked[]>`
    with seen as materialized (
      select a.id, a.algorithm, a.digits, a.period, a.seed, a.key_version, a.grant_id, a.marked,
        a.codes_max is not null as counted, a.key_version = any(${[...world.vault.known()]}::int[]) and not a.marked as here,
        ${now.getTime()}::bigint / (1000 * a.period) as step
      from (select *, only_by_approval and ${actor.type === 'key'} as marked from (${reached(sql, actor)}) r) a where a.id = any(${[...ids]}::text[])
    ), held as materialized ( -- in one order, so that two requests for the same accounts never wait for each other
      select g.id, g.codes_max - g.codes_used as left, g.expires_at > clock_timestamp() as live from account_grants g
      where g.id = any(array(select grant_id from seen where counted and here)) order by g.id for update
    ), spent as (
      update account_grants g set codes_used = g.codes_used + 1, last_step = seen.step
      from held join seen on seen.grant_id = held.id
      where g.id = held.id and g.codes_used < g.codes_max and g.last_step < seen.step and g.expires_at > clock_timestamp()
      returning g.id, g.account_id, g.codes_max - g.codes_used as left
    ), given as (
      select ${actor.projectId}::text as project_id, array_agg(id) as ids,
        coalesce(array_agg(id) filter (where counted), '{}') as counted
      from seen where here and (not counted or id in (select account_id from spent))
    ), told as (${telling(sql, ctx, {
      name: 'account.codes_read',
      target: sql`case when cardinality(ids) = 1 then 'account:' || ids[1] else 'project:' || project_id end`,
      payload: sql`jsonb_build_object('account_ids', to_jsonb(ids), 'counted', to_jsonb(counted))`,
      from: sql`given where ids is not null`,
    })})
    select seen.id, seen.seed, seen.key_version, seen.algorithm, seen.digits, seen.period,
      case when marked then 'ONLY_BY_APPROVAL' when not here then 'KEY_MISSING' when not counted or spent.id is not null then null
        when held.live is not true then 'NOT_FOUND' when held.left > 0 then 'STEP_USED' else 'CODES_USED_UP' end as fault,
      coalesce(spent.left, held.left) as codes_left
    from seen left join held on held.id = seen.grant_id left join spent on spent.id = seen.grant_id`
}
