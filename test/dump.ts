import type { Sql } from '../server/lib/driver/connect.ts'

/** Every row of every table, as a dump has them. */
export async function dumpOf(sql: Sql): Promise<string> {
  const tables = await sql<{ name: string }[]>`
    select oid::regclass::text as name from pg_class
    where relkind = 'r' and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
      and relpersistence <> 't' and relnamespace::regnamespace::text not like 'pg_%'`
  const rows: string[] = []
  for (const { name } of tables)
    for (const { line } of await sql<{ line: string }[]>`select t::text as line from ${sql.unsafe(name)} t`)
      rows.push(line)
  return rows.join('\n')
}

/** Seeds that many files give to accounts, as base32 and hex: seed 3's example, and RFC 6238's for SHA1. */
const usualSeeds = [
  ['JBSWY3DPEHPK3PXP', '48656c6c6f21deadbeef'],
  ['GEZDGNBVGY3TQOJQ', '3132333435363738393031323334353637383930'],
] as const

/** Whatever a file did with accounts, none of the seeds it used stands anywhere in its database; throws where one does. */
export async function mustHoldNoSeed(sql: Sql): Promise<void> {
  const [there] = await sql`select to_regclass('public.accounts') is not null as yes`
  const [used] = there?.yes ? await sql`select from events where name like 'account.%' limit 1` : []
  if (!used) return
  const dump = (await dumpOf(sql)).toUpperCase()
  for (const texts of usualSeeds)
    for (const text of texts)
      if (dump.includes(text.toUpperCase())) throw new Error('The database of this file holds the seed of an account.')
}
