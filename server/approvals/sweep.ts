import { attemptsAllowed } from '../../shared/contract/approval.ts'
import { actorRef, type Ctx } from '../context.ts'
import { vouched } from '../events/event.ts'

/** Of each kind at a time. */
const most = 100

/**
 * Ends approvals that nobody ended, so that their events come on time (seed 0's product only notices when a link is used):
 * those whose time is up, and those whose fifth attempt was reserved by a process that died before judging it. Safe on
 * every node at once. Answers how many it ended.
 */
export async function sweepApprovals(ctx: Ctx): Promise<number> {
  const { sql } = ctx.world.db
  const rows = Array.from({ length: 2 * most }, () => vouched(ctx))
  const by = sql.json(actorRef(ctx.actor))
  const ended = await sql`
    with late as (
      select id from approvals where status = 'pending' and expires_at <= now()
      order by expires_at limit ${most} for update skip locked
    ), unjudged as (
      select id from approvals where status = 'pending' and attempts > 0 and attempts >= ${attemptsAllowed}
        and attempted_at < now() - interval '30 seconds'
      limit ${most} for update skip locked
    ), due as (
      select id from late union select id from unjudged
    ), ended as (
      update approvals a set ended_by = ${by}::jsonb,
        status = case when a.expires_at <= now() then 'expired' else 'locked' end,
        ended_at = case when a.expires_at <= now() then a.expires_at else now() end
      from due where a.id = due.id
      returning a.id, a.project_id, a.key_path, a.ref_id, a.status
    ), told as (
      insert into events (id, project_id, name, actor, target, payload, request_id, ip, mac)
      select fresh.id, ended.project_id, 'approval.' || ended.status, ${by}::jsonb, 'approval:' || ended.id,
        jsonb_build_object('approval_id', ended.id, 'key_path', ended.key_path, 'ref_id', ended.ref_id),
        ${ctx.requestId}, ${ctx.ip}, decode(fresh.mac, 'hex')
      from (select *, row_number() over () as place from ended) as ended
      join unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ mac }) => Buffer.from(mac).toString('hex'))}::text[])
        with ordinality as fresh (id, mac, place) using (place)
    )
    select id from ended`
  return ended.length
}
