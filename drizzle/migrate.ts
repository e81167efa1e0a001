import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as apply } from 'drizzle-orm/postgres-js/migrator'
import { type Address, connect, type Sql } from '../server/lib/driver/connect.ts'
import { packageRoot } from '../server/lib/root.ts'

/** Any number, the same in every release: who migrates holds it. */
const lock = 7220190211

const shipped = join(packageRoot, 'drizzle', 'migrations')

/**
 * Brings the database to the newest migration of the folder. Processes that start together wait for one another under an
 * advisory lock (the migrator has none of its own). Two small queries when nothing is pending.
 */
export async function migrate(address: Address, migrationsFolder: string = shipped): Promise<void> {
  // One connection: the lock belongs to the session that migrates.
  const sql = connect(address, { max: 1, name: 'countersign migrate', patience: 30 })
  try {
    if (await isMigrated(sql, migrationsFolder)) return
    await sql`select pg_advisory_lock(${lock})`
    await apply(drizzle(sql), { migrationsFolder })
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** Whether nothing is pending: the database has the newest migration of the folder, or a newer release's. */
export const isMigrated = async (sql: Sql, migrationsFolder: string = shipped): Promise<boolean> =>
  (await newestIn(sql)) >= newestOf(migrationsFolder)

/** When the newest migration of the folder was made, in milliseconds since 1970: its place in the order. */
function newestOf(folder: string): number {
  const journal: { entries: { when: number }[] } = JSON.parse(
    readFileSync(join(folder, 'meta', '_journal.json'), 'utf8'),
  )
  return Math.max(0, ...journal.entries.map(({ when }) => when))
}

/** The same of the database; -1 when it was never migrated. */
async function newestIn(sql: Sql): Promise<number> {
  const [table] = await sql`select to_regclass('drizzle.__drizzle_migrations') is not null as made`
  if (!table?.made) return -1
  const [row] = await sql`select coalesce(max(created_at), -1)::float8 as newest from drizzle.__drizzle_migrations`
  return row?.newest
}
