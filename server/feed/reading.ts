import type { Fragment } from 'postgres'
import { type EventRow, eventColumns } from '../events/entry.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { Place } from './place.ts'

export type Told = EventRow & Place

export type Reading = {
  rows: Told[]
  /** Everything up to here has been read. */
  upTo: Place
  /** There may be more to read at once. */
  more: boolean
  /** Something has committed that cannot be told yet, because an older transaction still runs. */
  held: boolean
}

/** The first tick that a running transaction may still write; below it nothing can appear any more. */
export const edge = (sql: Sql) =>
  sql`pg_snapshot_xmin(pg_current_snapshot())::text::bigint + coalesce((select tick_offset from instance), 0)`

/**
 * The same without the transactions of other databases of the server, which never write here: of those that the snapshot
 * says are running, the ones whose lock is held by a backend of another database. The locks are read after the snapshot was
 * taken, so whatever has ended meanwhile counts as running. Costs more, and is asked only when something is held back.
 */
export const edgeHere = (sql: Sql) => sql`
  coalesce((
    select min(running::text::bigint) from pg_snapshot_xip(pg_current_snapshot()) as running
    where not exists (
      select 1 from pg_locks l join pg_stat_activity b on b.pid = l.pid
      where l.locktype = 'transactionid' and l.mode = 'ExclusiveLock' and l.granted
        and l.transactionid::text::bigint = running::text::bigint & 4294967295
        and b.datid <> (select oid from pg_database where datname = current_database()))
  ), pg_snapshot_xmax(pg_current_snapshot())::text::bigint) + coalesce((select tick_offset from instance), 0)`

/**
 * The events of a project after a place, in order, at most `most`. Only below the oldest transaction that still runs: by
 * `seq` alone, what commits after a later number was read would be skipped for good.
 */
export async function readAfter(sql: Sql, projectId: string, after: Place, most: number): Promise<Reading> {
  const found = await readBelow(sql, edge(sql), projectId, after, most)
  return found.held && !found.more ? readBelow(sql, edgeHere(sql), projectId, after, most) : found
}

async function readBelow(sql: Sql, below: Fragment, projectId: string, after: Place, most: number): Promise<Reading> {
  const rows = await sql<(Told & { edge: number; held: boolean })[]>`
    with now as materialized (select ${below} as edge)
    select now.edge::float8 as edge, told.*,
      exists (select 1 from events late where late.project_id = ${projectId} and late.tick >= now.edge) as held
    from now left join lateral (
      select ${eventColumns(sql)}, e.tick::float8 as tick, e.seq::float8 as seq from events e
      where e.project_id = ${projectId} and (e.tick, e.seq) > (${after.tick}::bigint, ${after.seq}::bigint)
        and e.tick < now.edge
      order by e.tick, e.seq limit ${most}
    ) told on true
    order by told.tick, told.seq`
  const [first] = rows
  if (!first) throw new Error('The edge of the events could not be read.')
  const found = rows.filter((row) => row.id !== null)
  const last = found.at(-1)
  const more = found.length === most
  return { rows: found, upTo: more && last ? last : { tick: first.edge, seq: 0 }, more, held: first.held }
}

/** A beginning at this moment: its place, and which events after that place happened before, nevertheless. */
export type Beginning = { at: Place; isOld: (tick: number) => boolean }

/** Now: what has committed by this moment is old, also where it cannot be told yet. */
export async function readNow(sql: Sql): Promise<Beginning> {
  const [row] = await sql<{ edge: number; next: number; running: number[] }[]>`
    with shift as (select coalesce((select tick_offset from instance), 0) as by)
    select (${edge(sql)})::float8 as edge, (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + shift.by)::float8 as next,
      array(select (running::text::bigint + shift.by)::float8 from pg_snapshot_xip(pg_current_snapshot()) as running) as running
    from shift`
  if (!row) throw new Error('The edge of the events could not be read.')
  const running = new Set(row.running)
  return { at: { tick: row.edge, seq: 0 }, isOld: (tick) => tick < row.next && !running.has(tick) }
}

/**
 * Which of these projects have something after the place they are at, also where it cannot be told yet: whether an older
 * transaction holds it back is found out by reading it.
 */
export async function readStirred(sql: Sql, asked: readonly { projectId: string; at: Place }[]): Promise<string[]> {
  const rows = await sql<{ project_id: string }[]>`
    select project_id from unnest(${asked.map((one) => one.projectId)}::text[],
      ${asked.map((one) => String(one.at.tick))}::text[]::bigint[], ${asked.map((one) => String(one.at.seq))}::text[]::bigint[])
      as asked (project_id, tick, seq)
    where exists (select 1 from events e where e.project_id = asked.project_id
      and (e.tick, e.seq) > (asked.tick, asked.seq))`
  return rows.map((row) => row.project_id)
}
