import { lastMigration } from '../../drizzle/migrate.ts'
import { readSeal } from '../instance.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { Seal } from './archive.ts'
import type { Ending, Part } from './parts.ts'
import { type Kept, keptTables, quoted, sequencesOf } from './tables.ts'

/** Rows go out in parts of at least so many bytes. */
const partBytes = 64 * 1024
const newline = 10

/** The tables changed while they were looked at: somebody migrates. */
export class Migrating extends Error {}

/**
 * Reads everything in one snapshot, beside whoever writes. Nothing is locked but against migrations.
 * @param sql one connection, with the settings `plainly`
 * @param take gets what ties the backup to its instance, and the parts; the snapshot lasts until it is done
 * @returns undefined when the database was never used
 */
export async function inSnapshot<Answer>(
  sql: Sql,
  release: string,
  take: (seal: Seal, parts: AsyncIterable<Part>) => Promise<Answer>,
): Promise<Answer | undefined> {
  if (!(await readSeal(sql))) return undefined
  const before = await keptTables(sql)
  let fault: unknown
  try {
    const answer = await sql.begin('isolation level repeatable read, read only', async (begun) => {
      const tx = begun as unknown as Sql // a transaction's client is a client but for opening connections
      // Before the first query, which takes the snapshot: whoever migrates is done by then, or waits for us.
      const locked = [...before.map(({ name }) => `public.${quoted(name)}`), 'drizzle.__drizzle_migrations']
      await tx.unsafe(`lock table ${locked.join(', ')} in access share mode`)
      const seal = await readSeal(tx)
      const tables = await keptTables(tx)
      if (!seal || JSON.stringify(tables) !== JSON.stringify(before)) throw new Migrating()
      return take(seal, partsOf(tx, release, tables)).catch((error) => {
        fault = error
        // Rows that nobody reads any more stand before the rollback, which would wait for ever.
        void sql.end({ timeout: 0 })
        throw error
      })
    })
    return answer as Answer // begin() wraps the type for arrays of queries, which this is not
  } catch (error) {
    throw fault ?? error
  }
}

async function* partsOf(tx: Sql, release: string, tables: readonly Kept[]): AsyncGenerator<Part> {
  const migration = await lastMigration(tx)
  const [now] = await tx<{ at: Date }[]>`select now() as at`
  if (!migration || !now) throw new Migrating()
  yield { kind: 'opening', release, at: now.at.toISOString(), migration }
  const rows: Ending['rows'] = []
  for (const { name, columns } of tables) {
    yield { kind: 'table', name, columns }
    let count = 0
    for await (const bytes of rowsOf(tx, { name, columns })) {
      for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count++
      yield { kind: 'rows', bytes }
    }
    rows.push({ table: name, count })
  }
  yield { kind: 'ending', rows, sequences: [...(await sequencesOf(tx))] }
}

/** The rows of a table in COPY's text form, where a line break is the end of a row and nothing else. */
async function* rowsOf(tx: Sql, { name, columns }: Kept): AsyncGenerator<Buffer> {
  const list = columns.map(quoted).join(', ')
  const lines = await tx.unsafe(`copy public.${quoted(name)} (${list}) to stdout`).readable()
  let held: Uint8Array[] = []
  let length = 0
  for await (const line of lines) {
    held.push(line)
    length += line.length
    if (length < partBytes) continue
    yield Buffer.concat(held)
    held = []
    length = 0
  }
  if (length > 0) yield Buffer.concat(held)
}
