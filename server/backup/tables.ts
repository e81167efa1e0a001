import type { Sql } from '../lib/driver/connect.ts'

/** A table whose rows are kept, with the columns that are written and not computed. */
export type Kept = { name: string; columns: string[] }

/** A name as SQL quotes it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Text by which two servers mean the same, whatever their settings say, and no limit on how long it takes. */
export const plainly = {
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  extra_float_digits: '3',
  bytea_output: 'hex',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
}

/**
 * Every table of ours that lasts, so none that is added can be forgotten; those that others refer to come first. Not the
 * counters of rate limits, which are unlogged, and not what an extension brought.
 */
export async function keptTables(sql: Sql): Promise<Kept[]> {
  const tables = await sql<Kept[]>`
    select relname as name, (
      select array_agg(attname::text order by attnum) from pg_attribute
      where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns
    from pg_class c
    where relnamespace = 'public'::regnamespace and relkind = 'r' and relpersistence = 'p'
      and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = c.oid and deptype = 'e')
    order by relname`
  const needs = await sql<{ from: string; to: string }[]>`
    select distinct f.relname as from, t.relname as to from pg_constraint k
    join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and f.oid <> t.oid and f.relnamespace = 'public'::regnamespace`
  return inOrder(tables, needs)
}

/** Tables after all that they refer to. Throws when some refer to one another in a ring. */
export function inOrder(tables: readonly Kept[], needs: readonly { from: string; to: string }[]): Kept[] {
  const ordered: Kept[] = []
  let waiting = [...tables]
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ name }) => name))
    const ready = waiting.filter(({ name }) => !needs.some(({ from, to }) => from === name && names.has(to)))
    if (ready.length === 0) throw new Error('Tables refer to one another in a ring.')
    ordered.push(...ready)
    waiting = waiting.filter((one) => !ready.includes(one))
  }
  return ordered
}

/** The last number that each sequence gave; never less than what a row of an older snapshot has. */
export const sequencesOf = (sql: Sql) => sql<{ name: string; last: string | null }[]>`
  select sequencename as name, last_value::text as last from pg_sequences where schemaname = 'public' order by 1`

/** Whether there is anything in the database but what an extension brought. */
export async function isEmpty(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ empty: boolean }[]>`
    select not exists (
      select from pg_class c join pg_namespace n on n.oid = relnamespace
      where nspname in ('public', 'drizzle', 'graphile_worker')
        and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = c.oid and deptype = 'e')
    ) as empty`
  return row?.empty === true
}
