import { pipeline } from 'node:stream/promises'
import { holdMigrations, migrateTo } from '../../drizzle/migrate.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { Ending, Opening, Part, Table } from './parts.ts'
import { DamagedArchive } from './sealed.ts'
import { isEmpty, keptTables, quoted } from './tables.ts'

/** What is in an archive. */
export type Contents = { opening: Opening; ending: Ending }

/** Reads an archive to its end, so that all of it is proven. @throws {DamagedArchive} */
export async function look(parts: AsyncIterable<Part>): Promise<Contents> {
  let opening: Opening | undefined
  let ending: Ending | undefined
  for await (const part of parts) {
    if (ending) throw new DamagedArchive('Something stands after its end.')
    if (part.kind === 'opening') opening = part
    if (part.kind === 'ending') ending = part
  }
  if (!opening || !ending) throw new DamagedArchive('It has no beginning or no end.')
  return { opening, ending }
}

/** The database holds something: nothing is loaded over it. */
export class NotEmpty extends Error {}

/**
 * Loads an archive into an empty database: schema, rows and sequences are one transaction, so there is all of it or nothing.
 * As the tables' owner, who need not be a superuser. The audit rows come as they were sealed.
 * @throws {NotEmpty}
 * @throws {DamagedArchive}
 */
export async function load(sql: Sql, contents: Contents, parts: AsyncGenerator<Part>): Promise<void> {
  await sql.begin(async (begun) => {
    const tx = begun as unknown as Sql // a transaction's client is a client but for opening connections
    await holdMigrations(tx)
    if (!(await isEmpty(tx))) throw new NotEmpty()
    await migrateTo(tx, contents.opening.migration)
    const tables = (await keptTables(tx)).map(({ name }) => name)
    // Ours notify, vouch for new audit rows and refuse changes; the database's own still hold every reference.
    for (const name of tables) await tx.unsafe(`alter table public.${quoted(name)} disable trigger user`)
    // What migrations themselves put in is in the archive as well.
    await tx.unsafe(`truncate ${tables.map((name) => `public.${quoted(name)}`).join(', ')}`)
    await loadTables(tx, parts)
    for (const { name, last } of contents.ending.sequences)
      if (last !== null) await tx`select setval(format('public.%I', ${name}::text)::regclass, ${last}::bigint)`
    for (const name of tables) {
      await tx.unsafe(`alter table public.${quoted(name)} enable trigger user`)
      await mustCount(tx, name, contents.ending.rows.find(({ table }) => table === name)?.count ?? 0)
    }
  })
}

async function loadTables(tx: Sql, parts: AsyncGenerator<Part>): Promise<void> {
  let next = await parts.next()
  while (!next.done) {
    if (next.value.kind !== 'table') next = await parts.next()
    else next = await loadTable(tx, next.value, parts)
  }
}

/** Loads what belongs to one table. @returns what came after it */
async function loadTable(tx: Sql, { name, columns }: Table, parts: AsyncGenerator<Part>) {
  let next = await parts.next()
  async function* rows() {
    for (; !next.done && next.value.kind === 'rows'; next = await parts.next()) yield next.value.bytes
  }
  const into = `public.${quoted(name)} (${columns.map(quoted).join(', ')})`
  await pipeline(rows(), await tx.unsafe(`copy ${into} from stdin`).writable())
  return next
}

async function mustCount(tx: Sql, name: string, count: number): Promise<void> {
  const [row] = await tx<{ rows: number }[]>`select count(*)::float8 as rows from ${tx(name)}`
  if (row?.rows !== count) throw new Error(`Not every row of ${name} was loaded.`)
}
