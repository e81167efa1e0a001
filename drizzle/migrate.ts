import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as apply } from 'drizzle-orm/postgres-js/migrator'
import { type Address, connect, type Sql } from '../server/lib/driver/connect.ts'
import { migrateQueue, queueIsMigrated } from '../server/lib/queue/migrate.ts'
import { packageRoot } from '../server/lib/root.ts'

/** Any number, the same in every release: who migrates holds it. */
const lock = 7220190211

const shipped = join(packageRoot, 'drizzle', 'migrations')

/**
 * Brings the database to the newest migration of the folder. Processes that start together wait for one another under an
 * advisory lock (the migrator has none of its own). Five small queries when nothing is pending.
 */
export async function migrate(address: Address, migrationsFolder: string = shipped): Promise<void> {
  // One connection: the lock belongs to the session that migrates.
  const sql = connect(address, { max: 1, name: 'countersign migrate', patience: 30 })
  try {
    if ((await isMigrated(sql, migrationsFolder)) && (await serverRole(sql))) return
    await sql`select pg_advisory_lock(${lock})`
    await apply(drizzle(sql), { migrationsFolder })
    if (!(await queueIsMigrated(sql))) await migrateQueue(address)
    const [grants] = await sql`select to_regproc('public.grant_server') is not null as there`
    if (grants?.there) await sql`select grant_server()`
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/**
 * The role that the server works under, when it is there, may be taken by who asks, and cannot change audit rows. Without
 * it only triggers refuse that.
 */
export async function serverRole(sql: Sql): Promise<string | undefined> {
  const [role] = await sql<{ rolname: string }[]>`
    select rolname from pg_roles, (select to_regclass('public.events') as events, to_regclass('public.seals') as seals) made
    where rolname = 'countersign_server' and pg_has_role(oid, 'MEMBER')
      and has_table_privilege(oid, events, 'INSERT') and has_table_privilege(oid, seals, 'INSERT')
      and not has_table_privilege(oid, events, 'UPDATE, DELETE, TRUNCATE')
      and not has_table_privilege(oid, seals, 'UPDATE, DELETE, TRUNCATE')`
  return role?.rolname
}

/** Whether nothing is pending: the database has the newest migration of the folder and of the queue, or a newer release's. */
export const isMigrated = async (sql: Sql, migrationsFolder: string = shipped): Promise<boolean> =>
  (await newestIn(sql)) >= newestOf(migrationsFolder) && (await queueIsMigrated(sql))

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

/** A migration as the database's own list names it: SHA-256 of its text, and its place in the order (ms since 1970). */
export type Migration = { hash: string; when: number }

/** The newest migration that the database has; undefined when it was never migrated. */
export async function lastMigration(sql: Sql): Promise<Migration | undefined> {
  const [row] = await sql<Migration[]>`
    select hash, created_at::float8 as when from drizzle.__drizzle_migrations order by created_at desc limit 1`
  return row
}

/** Whether this release has a migration: one that a newer release made is unknown here. */
export const hasMigration = ({ hash, when }: Migration, migrationsFolder: string = shipped): boolean =>
  readMigrationFiles({ migrationsFolder }).some((one) => one.hash === hash && one.folderMillis === when)

/** Held to the end of the transaction: who migrates meanwhile waits for it. */
export const holdMigrations = async (tx: Sql): Promise<void> => void (await tx`select pg_advisory_xact_lock(${lock})`)

/**
 * Makes the schema as it was after a migration, within the caller's transaction, in a database that has none. The
 * migrator of the library has a transaction of its own, and would go on to the newest.
 */
export async function migrateTo(tx: Sql, last: Migration, migrationsFolder: string = shipped): Promise<void> {
  await tx.unsafe(`create schema if not exists drizzle; create table drizzle.__drizzle_migrations
    (id serial primary key, hash text not null, created_at bigint)`)
  for (const { sql: statements, hash, folderMillis } of readMigrationFiles({ migrationsFolder })) {
    if (folderMillis > last.when) continue
    for (const statement of statements) await tx.unsafe(statement)
    await tx`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${folderMillis})`
  }
}
