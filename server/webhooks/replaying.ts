import type { Fragment } from 'postgres'
import type { Sql } from '../lib/driver/connect.ts'
import type { WebhookRow } from './webhook.ts'

/** One replay sends so many events at most. */
export const mostReplayed = 10_000

export type Replayed = { events: number; through: Date | null; more: boolean }

/** Puts a delivery down anew: due at once, with all its tries before it. `body` and `event_id` stay what they were. */
const anew = (sql: Sql): Fragment =>
  sql`status = 'waiting', next_at = now(), ended_at = null, leased_until = null, earlier = d.attempts`

/** Of the events that were handed out already; the others come by themselves. A webhook is not told of itself. */
const wantedBy = (sql: Sql, row: WebhookRow): Fragment => sql`
  e.project_id = ${row.project_id} and e.target <> ${`webhook:${row.id}`}
  and (${row.events}::text[] is null or e.name = any (${row.events}::text[]))
  and (e.tick, e.seq) <= (select o.tick, o.seq from outbox o)`

/** What a delivery under way has no second of: it is tried in any case. */
const isIdle = (sql: Sql): Fragment => sql`(d.status <> 'waiting' or d.leased_until is null or d.leased_until <= now())`

/** Sends the events of a time that a webhook wants now, again or for the first time, oldest first. */
export async function replayEvents(sql: Sql, row: WebhookRow, since: string, until: string | null): Promise<Replayed> {
  const [done] = await sql<{ events: number; through: Date | null }[]>`
    with wanted as materialized (
      select e.id, e.name, e.at, e.tick, e.seq from events e
      where ${wantedBy(sql, row)} and e.at >= ${since} and (${until}::timestamptz is null or e.at < ${until})
      order by e.at, e.tick, e.seq limit ${mostReplayed + 1}
    ), chosen as materialized (select * from wanted order by at, tick, seq limit ${mostReplayed}),
    sent as (
      insert into deliveries as d (project_id, webhook_id, event_id, event)
      select ${row.project_id}, ${row.id}, id, name from chosen order by at, tick, seq
      on conflict (webhook_id, event_id) where webhook_id is not null do update set ${anew(sql)} where ${isIdle(sql)}
      returning 1
    )
    select (select count(*)::int from sent) as events, (select max(at) from chosen) as through,
      (select count(*) from wanted) > ${mostReplayed} as more`
  return done ? { more: false, ...done } : { events: 0, through: null, more: false }
}

/** Sends again what failed of a time, by when it was to be sent first. Tests are not sent again. */
export async function replayFailed(sql: Sql, row: WebhookRow, since: string, until: string | null): Promise<Replayed> {
  const [done] = await sql<{ events: number; through: Date | null }[]>`
    with failed as materialized (
      select d.id, coalesce(e.at, d.created_at) as at from deliveries d left join events e on e.id = d.event_id
      where d.webhook_id = ${row.id} and d.status = 'failed' and d.event <> 'webhook.test'
        and coalesce(e.at, d.created_at) >= ${since}
        and (${until}::timestamptz is null or coalesce(e.at, d.created_at) < ${until})
      order by at, d.id limit ${mostReplayed + 1}
    ), chosen as materialized (select * from failed order by at, id limit ${mostReplayed}),
    sent as (
      update deliveries d set ${anew(sql)} from chosen where d.id = chosen.id and d.status = 'failed' returning 1
    )
    select (select count(*)::int from sent) as events, (select max(at) from chosen) as through,
      (select count(*) from failed) > ${mostReplayed} as more`
  return done ? { more: false, ...done } : { events: 0, through: null, more: false }
}

/** Sends one event again, or for the first time; false when the project has no such event and no such delivery. */
export async function replayOne(sql: Sql, row: WebhookRow, eventId: string): Promise<boolean> {
  const again = await sql`
    update deliveries d set ${anew(sql)}
    where d.webhook_id = ${row.id} and d.event_id = ${eventId} and ${isIdle(sql)}`
  if (again.count > 0) return true
  const { count } = await sql`
    insert into deliveries (project_id, webhook_id, event_id, event)
    select e.project_id, ${row.id}, e.id, e.name from events e
    where e.id = ${eventId} and e.project_id = ${row.project_id} and e.target <> ${`webhook:${row.id}`}
    on conflict do nothing`
  if (count > 0) return true
  const [held] = await sql`select 1 from deliveries where webhook_id = ${row.id} and event_id = ${eventId}`
  return held !== undefined
}
