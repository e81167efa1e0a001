import type { Ctx } from '../context.ts'
import { telling, tellingEach } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'

/** What is told of a standing yes `id, name`. */
const facts = (sql: Sql) => sql`jsonb_build_object('policy_id', id, 'name', name)`

/** Ends a standing yes before its time; false when there is none of this id that still stands. */
export async function endStandingYes(sql: Sql, ctx: Ctx, projectId: string, id: string): Promise<boolean> {
  const ended = await sql`
    with ended as (
      delete from policies
      where id = ${id} and project_id = ${projectId} and standing and expires_at > clock_timestamp()
      returning id, project_id, name
    ), told as (${telling(sql, ctx, {
      name: 'policy.standing_ended',
      target: sql`'policy:' || id`,
      payload: facts(sql),
      from: sql`ended`,
    })})
    select id from ended`
  return ended.length === 1
}

const most = 100

/**
 * Ends every standing yes of a person who may not decide any more: it is their answer, given in advance. In the
 * transaction that ended their right, whose row a decision holds: none is given meanwhile.
 */
export async function endStandingOf(tx: Sql, ctx: Ctx, projectId: string, personId: string): Promise<void> {
  for (;;) {
    const ended = await tx`
      with theirs as materialized (
        select id from policies
        where project_id = ${projectId} and standing and expires_at > clock_timestamp()
          and created_by ->> 'type' = 'person' and created_by ->> 'id' = ${personId}
        order by id limit ${most} for update
      ), ended as (
        delete from policies p using theirs where p.id = theirs.id returning p.id, p.project_id, p.name
      ), told as (${tellingEach(tx, ctx, most, {
        name: 'policy.standing_ended',
        target: tx`'policy:' || id`,
        payload: facts(tx),
        from: tx`ended`,
      })})
      select id from ended`
    if (ended.length < most) return
  }
}

/** Removes standing yeses that ended by themselves a day ago: from their end on they did not count. */
export const purgeStanding = (sql: Sql) => sql`
  delete from policies where id in (
    select id from policies where standing and expires_at < now() - interval '1 day' limit 1000 for update skip locked)`
