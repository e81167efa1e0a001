import type { Sql } from '../lib/driver/connect.ts'

/** Rows of each kind that a look counts at most: it must stay cheap when a million wait. */
export const mostCounted = 10_000

/** What waits in the database, the same whichever node looks. Ages are in seconds. */
export type Backlog = {
  /** Age of the oldest audit row that no seal covers; 0 without one. */
  unsealed: number
  /** Approvals that wait, and how late the sweeper is with those whose time is up. */
  pending: number
  late: number
  /** One-time secrets that can still be read. */
  secrets: number
}

/** One look at it, through indexes only. Numbers end at `mostCounted`. */
export async function backlog(sql: Sql): Promise<Backlog> {
  const [row] = await sql<Backlog[]>`
    select
      coalesce(greatest(0, extract(epoch from now() - (
        select at from events where tick >= coalesce((select max(to_tick) from seals), 0) order by tick, seq limit 1
      ))), 0)::float8 as unsealed,
      coalesce(greatest(0, extract(epoch from now() - (
        select min(expires_at) from approvals where status = 'pending'
      ))), 0)::float8 as late,
      (select count(*) from (
        select from approvals where status = 'pending' order by expires_at limit ${mostCounted}) as waiting)::int as pending,
      (select count(*) from (
        select from secrets where state in ('new', 'viewed') order by expires_at limit ${mostCounted}) as unread)::int as secrets`
  if (!row) throw new Error('A look without a row.')
  return row
}

/** Jobs of one task in the queue: those that wait for their time or a worker, are being done, or have failed before. */
export type Jobs = { task: string; waiting: number; running: number; failing: number; overdue: number }

/** The jobs of each task, of the first `mostCounted` in the queue. `overdue`: for how long (s) the oldest should have begun. */
export const jobsByTask = (sql: Sql): Promise<Jobs[]> => sql<Jobs[]>`
  select task_identifier as task,
    (count(*) filter (where locked_by is null and last_error is null))::int as waiting,
    (count(*) filter (where locked_by is not null))::int as running,
    (count(*) filter (where locked_by is null and last_error is not null))::int as failing,
    coalesce(greatest(0, extract(epoch from now() - min(run_at) filter (where locked_by is null))), 0)::float8 as overdue
  from (select * from graphile_worker.jobs order by id limit ${mostCounted}) as first group by 1`

/** Whom deliveries go to. */
export const receivers = ['webhook', 'channel', 'browser'] as const

export type Receiver = (typeof receivers)[number]

/** Deliveries to one kind of receiver: those not tried yet, those that failed before, and how late (s) the oldest is that nobody works on. */
export type Deliveries = { to: Receiver; waiting: number; failing: number; overdue: number }

/** Of the first `mostCounted` that wait, by when they are due. */
export const deliveriesTo = (sql: Sql): Promise<Deliveries[]> => sql<Deliveries[]>`
  select case when webhook_id is not null then 'webhook' when channel_id is not null then 'channel' else 'browser' end as "to",
    (count(*) filter (where attempts = earlier))::int as waiting,
    (count(*) filter (where attempts > earlier))::int as failing,
    coalesce(greatest(0, extract(epoch from now() - min(next_at) filter (
      where leased_until is null or leased_until < now()))), 0)::float8 as overdue
  from (select * from deliveries where status = 'waiting' order by next_at limit ${mostCounted}) as first group by 1`

/** Webhooks and channels by where they stand: few, since people make them by hand. */
export const places = (sql: Sql): Promise<{ to: Receiver; state: string; count: number }[]> => sql<
  { to: Receiver; state: string; count: number }[]
>`
  select "to", case when disabled_at is not null then 'off' when failing_since is not null then 'failing' else 'ok' end as state,
    count(*)::int as count
  from (
    select 'webhook' as "to", disabled_at, failing_since from webhooks
    union all select 'channel', disabled_at, failing_since from channels) as all_places
  group by 1, 2`

/** Connections of all nodes to the database by what they do; the driver does not tell how full its pool is, the server does. */
export const connections = (sql: Sql): Promise<{ state: string; count: number }[]> => sql<
  { state: string; count: number }[]
>`
  select coalesce(state, 'unknown') as state, count(*)::int as count from pg_stat_activity
  where datname = current_database() and application_name like 'countersign%' group by 1`
