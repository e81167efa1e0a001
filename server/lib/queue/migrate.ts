import { type Address, connect, type Sql } from '../driver/connect.ts'
import { poolsFor } from './address.ts'
import { loadLibrary, schema } from './library.ts'
import { withPool } from './pool.ts'

/** Number of the newest migration in the pinned graphile-worker. Known here so that a start need not load it to see. */
export const newestQueueMigration = 19

/** Whether none of the queue's own migrations is pending. */
export async function queueIsMigrated(sql: Sql): Promise<boolean> {
  const [table] = await sql`select to_regclass('graphile_worker.migrations') is not null as made`
  if (!table?.made) return false
  const [row] = await sql`
    select coalesce(max(id), 0) as newest, exists (${hidden(sql)}) as hidden from graphile_worker.migrations`
  return row?.newest >= newestQueueMigration && !row?.hidden
}

/** The library hides every row from all but the tables' owner; here grants decide, and the server is not the owner. */
const hidden = (sql: Sql) => sql<{ name: string }[]>`
  select relname as name from pg_class
  where relnamespace = to_regnamespace('graphile_worker') and relkind = 'r' and relrowsecurity`

/** Brings the queue's tables up to date, as their owner; the caller holds the lock. */
export async function migrateQueue(address: Address): Promise<void> {
  const { runMigrations, logger } = await loadLibrary()
  await withPool(poolsFor(address), { name: 'countersign migrate', max: 1 }, (pgPool) =>
    runMigrations({ pgPool, schema, logger }),
  )
  const sql = connect(address, { max: 1, name: 'countersign migrate' })
  try {
    for (const { name } of await hidden(sql))
      await sql`alter table ${sql(schema)}.${sql(name)} disable row level security`
  } finally {
    await sql.end({ timeout: 1 })
  }
}
