import { randomBytes } from 'node:crypto'
import { afterAll, inject } from 'vitest'
import { CommandFault } from '../server/cli/terminal.ts'
import { type Address, connect, inDatabase, type Sql } from '../server/lib/driver/connect.ts'
import { StartFault } from '../server/lib/fault.ts'
import { urlOf } from './faults/nodes.ts'
import { configOf } from './serve.ts'
import { typed } from './typed.ts'

/** A database with nothing in it, dropped when the file ends. Whoever is still in it then is cut off. */
export async function emptyDb(owner?: string): Promise<Address> {
  const name = `countersign_${randomBytes(6).toString('hex')}`
  await onServer((sql) => sql.unsafe(`create database ${name} ${owner === undefined ? '' : `owner ${owner}`}`))
  afterAll(() => onServer((sql) => sql.unsafe(`drop database if exists ${name} with (force)`)))
  return inDatabase(inject('server'), name)
}

/** One client of the server of this run, as who owns everything in it. */
export const onServer = <Answer>(work: (sql: Sql) => Promise<Answer>): Promise<Answer> => inside(inject('server'), work)

/** One client of a database, as it is. */
export async function inside<Answer>(address: Address, work: (sql: Sql) => Promise<Answer>): Promise<Answer> {
  const sql = connect(address, { max: 1, name: 'countersign tests' })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** A command of this process, ended as main.ts ends it, with the settings of this file's worlds. */
export async function commandIn(environment: Record<string, string>, line: string[]) {
  const { dataDir } = configOf()
  try {
    return await typed(line, { DATA_DIR: dataDir, MASTER_KEY: '0f'.repeat(32), LOG_LEVEL: 'silent', ...environment })
  } catch (error) {
    if (error instanceof CommandFault || error instanceof StartFault)
      return { code: error.exitCode, stdout: '', stderr: error.message }
    throw error
  }
}

/** The same on a database. */
export const commandOn = (address: Address, line: string[], more: Record<string, string> = {}) =>
  commandIn({ DATABASE_URL: urlOf(address), ...more }, line)

/** Each table of ours with a digest of all its rows, whatever their order; what a start changes by itself is left out. */
export const digests = (address: Address): Promise<Record<string, string>> =>
  inside(address, async (sql) => {
    const tables = await sql<{ name: string }[]>`
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' and relpersistence = 'p' order by 1`
    const found: Record<string, string> = {}
    for (const { name } of tables) {
      const [row] = await sql<{ digest: string }[]>`
        select count(*) || ' ' || coalesce(md5(string_agg(line, chr(10) order by line)), '') as digest
        from (select (to_jsonb(t) - 'tick_offset')::text as line from ${sql(name)} t) lines`
      found[name] = row?.digest ?? ''
    }
    return found
  })
