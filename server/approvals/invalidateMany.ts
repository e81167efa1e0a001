import type { contract } from '../../shared/contract/index.ts'
import { actorRef } from '../context.ts'
import { vouched } from '../events/event.ts'
import type { Verb } from '../verb.ts'

/**
 * Invalidates many approvals of the project in one statement, with an event for each. Those that were invalidated before
 * count as invalidated; what was executed, has expired, is locked or is not there is refused.
 */
export const invalidateMany: Verb<typeof contract.approvals.invalidateMany> = async (ctx, input) => {
  const { sql } = ctx.world.db
  const { projectId } = ctx.actor
  const asked = [...new Set(input.approval_ids)]
  const fresh = asked.map(() => vouched(ctx))
  const by = sql.json(actorRef(ctx.actor))
  const rows = await sql<{ id: string }[]>`
    with due as (
      select id, status from approvals where id = any (${asked}::text[]) and project_id = ${projectId} order by id for update
    ), ended as (
      update approvals a set status = 'invalidated', ended_at = clock_timestamp(), ended_by = ${by}::jsonb
      from due where a.id = due.id and a.status = 'pending' and a.expires_at > clock_timestamp()
      returning a.id, a.project_id, a.key_path, a.ref_id
    ), told as (
      insert into events (id, project_id, name, actor, target, payload, request_id, ip, user_agent, mac)
      select fresh.id, project_id, 'approval.invalidated', ${by}::jsonb, 'approval:' || ended.id,
        jsonb_build_object('approval_id', ended.id, 'key_path', key_path, 'ref_id', ref_id),
        ${ctx.requestId}, ${ctx.ip}, ${ctx.userAgent}, decode(fresh.mac, 'hex')
      from (select *, row_number() over () as place from ended) as ended
      join unnest(${fresh.map(({ id }) => id)}::text[], ${fresh.map(({ mac }) => Buffer.from(mac).toString('hex'))}::text[])
        with ordinality as fresh (id, mac, place) using (place)
    )
    select id from ended union select id from due where status = 'invalidated'`
  const done = new Set(rows.map(({ id }) => id))
  return { invalidated: asked.filter((id) => done.has(id)), refused: asked.filter((id) => !done.has(id)) }
}
