import type { Fragment } from 'postgres'
import { edge, edgeHere } from '../feed/reading.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { isWanted } from '../push/wanted.ts'
import type { World } from '../world.ts'

/** Events that one statement hands out at most. */
const most = 500

/** What was handed out, and whether there may be more to hand out at once. */
export type HandedOut = { events: number; deliveries: number; more: boolean }

/**
 * One statement: whichever node gets the outbox' row reads the next events of all projects, puts a delivery down for each
 * webhook, channel and browser that wants one, and moves the row. Only below the oldest transaction that still runs, so that what
 * commits late is not passed over. A webhook or channel is not told of what happened to itself; nobody is told of the demo
 * or of test objects. Those who are told are held, so that none can be deleted before it is known that it was there.
 */
async function handOutBelow(sql: Sql, below: Fragment) {
  const [done] = await sql<{ events: number; deliveries: number; held: boolean }[]>`
    with turn as materialized (
      select o.tick, o.seq from outbox o
      where exists (select 1 from events e where (e.tick, e.seq) > (o.tick, o.seq))
      for update skip locked
    ), next as materialized (
      select e.* from turn, (select ${below} as edge) as now, lateral (
        select id, project_id, name, target, tick, seq from events
        where (events.tick, events.seq) > (turn.tick, turn.seq) and events.tick < now.edge
        order by events.tick, events.seq limit ${most}
      ) as e
    ), told as materialized (
      select next.* from next join projects p on p.id = next.project_id
      where p.test_of is null and p.purge_at is null
    ), hooks as materialized (
      select id, project_id, events from webhooks
      where disabled_at is null and project_id in (select project_id from told) order by id for key share
    ), places as materialized (
      select id, project_id, events from channels
      where disabled_at is null and project_id in (select project_id from told) order by id for key share
    ), browsers as materialized (
      select id, project_id, person_id from push_subscriptions
      where project_id in (select project_id from told) order by id for key share
    ), handed as (
      insert into deliveries (project_id, webhook_id, channel_id, subscription_id, event_id, event)
      select project_id, webhook_id, channel_id, subscription_id, id, name from (
        select told.*, h.id as webhook_id, null as channel_id, null as subscription_id from told join hooks h using (project_id)
        where (h.events is null or told.name = any (h.events)) and told.target <> 'webhook:' || h.id
        union all
        select told.*, null, c.id, null from told join places c using (project_id)
        where told.target <> 'channel:' || c.id and (told.name = any (c.events) or told.name like 'approval.%' and exists (
          select 1 from approvals a where told.target = 'approval:' || a.id and c.id = any (a.channels)))
        union all
        select told.*, null, null, s.id from told join browsers s using (project_id) where ${isWanted(sql)}
      ) as wanted
      order by tick, seq
      on conflict do nothing returning 1
    ), moved as (
      update outbox set tick = last.tick, seq = last.seq
      from (select tick, seq from next order by tick desc, seq desc limit 1) as last
    )
    select (select count(*)::int from next) as events, (select count(*)::int from handed) as deliveries,
      exists (select 1 from turn) as held`
  return done ?? { events: 0, deliveries: 0, held: false }
}

/** Hands out what has happened since the last time, at most 500 events; another node may be at it, then nothing is done. */
export async function handOut({ db: { sql } }: World): Promise<HandedOut> {
  const first = await handOutBelow(sql, edge(sql))
  // Something has happened that a transaction holds back: it may be one of another database, which never writes here.
  const { events, deliveries } = first.held && first.events === 0 ? await handOutBelow(sql, edgeHere(sql)) : first
  return { events, deliveries, more: events === most }
}
