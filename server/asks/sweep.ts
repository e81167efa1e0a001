import { actorRef, type Ctx } from '../context.ts'
import { vouched } from '../events/event.ts'

/** At a time. */
const most = 100

/** Ends asks that nobody answered in time, by the database's clock. Safe on every node at once. Answers how many. */
export async function sweepAsks(ctx: Ctx): Promise<number> {
  const { sql } = ctx.world.db
  const rows = Array.from({ length: most }, () => vouched(ctx))
  const by = sql.json(actorRef(ctx.actor))
  const ended = await sql`
    with due as (
      select id from asks where status = 'open' and expires_at <= now()
      order by expires_at limit ${most} for update skip locked
    ), ended as (
      update asks a set status = 'expired', ended_at = a.expires_at from due where a.id = due.id
      returning a.id, a.project_id, a.title
    ), told as (
      insert into events (id, project_id, name, actor, target, payload, request_id, ip, mac)
      select fresh.id, ended.project_id, 'ask.expired', ${by}::jsonb, 'ask:' || ended.id,
        jsonb_build_object('ask_id', ended.id, 'title', ended.title), ${ctx.requestId}, ${ctx.ip}, decode(fresh.mac, 'hex')
      from (select *, row_number() over () as place from ended) as ended
      join unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ mac }) => Buffer.from(mac).toString('hex'))}::text[])
        with ordinality as fresh (id, mac, place) using (place)
    )
    select id from ended`
  return ended.length
}
