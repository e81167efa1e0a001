import { randomBytes } from 'node:crypto'
import { migrate, serverRole } from '../drizzle/migrate.ts'
import type { Config } from './env.ts'
import { derive, hmac, seal, unseal } from './lib/crypto.ts'
import { type Address, connect, type Sql } from './lib/driver/connect.ts'
import { StartFault } from './lib/fault.ts'
import { createMasterKey, readMasterKey } from './lib/masterkey.ts'

/** The master key is missing or is not the one this database was first used with. */
export class WrongMasterKey extends StartFault {}

/** Keys of the instance, one for each use, all derived from one random root that is wrapped under the master key. */
export type InstanceKeys = {
  /** Every stored capability is HMAC-SHA-256 under this. */
  pepper: Uint8Array
  /** Signs CSRF tokens. */
  csrf: Uint8Array
  /** With the API key's text and the Idempotency-Key: seals stored replies. */
  replies: Uint8Array
  /** Signs session cookies and what the sign-in library keeps. */
  sessions: Uint8Array
  /** Seals mails that wait in the queue: they hold links. */
  mails: Uint8Array
  /** HMAC of each audit row. */
  audit: Uint8Array
  /** Seed of the Ed25519 key that signs the heads of audit chains. */
  signing: Uint8Array
}

const keysOf = (root: Uint8Array): InstanceKeys => ({
  pepper: derive(root, 'pepper'),
  csrf: derive(root, 'csrf'),
  replies: derive(root, 'idempotency replies'),
  sessions: derive(root, 'sessions'),
  mails: derive(root, 'mails'),
  audit: derive(root, 'audit rows'),
  signing: derive(root, 'audit heads'),
})

const checkOf = (master: Uint8Array) => hmac(derive(master, 'check'), 'countersign master key')

/** The stored row, or nothing while the database was never used. */
async function readRow(sql: Sql): Promise<{ check_value: Uint8Array; root_key: Uint8Array } | undefined> {
  const [found] = await sql`select to_regclass('public.instance') is not null as there`
  if (!found?.there) return undefined
  const [row] = await sql<
    { check_value: Uint8Array; root_key: Uint8Array }[]
  >`select check_value, root_key from instance`
  return row
}

function unwrap(master: Uint8Array, row: { check_value: Uint8Array; root_key: Uint8Array }): InstanceKeys {
  if (!checkOf(master).equals(row.check_value))
    throw new WrongMasterKey(
      'This database was first used with another master key. Set MASTER_KEY, or put back master.key in DATA_DIR, as it was.',
    )
  return keysOf(unseal(derive(master, 'wrap'), row.root_key, 'instance.root_key'))
}

/** The keys, if the master key is the one of this database; `undefined` while it was never used. Writes nothing. */
async function prove(master: Uint8Array | undefined, sql: Sql): Promise<InstanceKeys | undefined> {
  const row = await readRow(sql)
  if (!row) return undefined
  if (master) return unwrap(master, row)
  throw new WrongMasterKey(
    'This database is in use, but there is no master key: set MASTER_KEY, or put back master.key in DATA_DIR.',
  )
}

/** Whether the database was ever used; when it was, the master key is the right one. @throws {WrongMasterKey} */
export const proveMasterKey = async (config: Config, sql: Sql): Promise<boolean> =>
  (await prove(readMasterKey({ dataDir: config.dataDir, given: config.masterKey }), sql)) !== undefined

/**
 * Ticks of events only grow, also when a dump was loaded into a cluster whose transaction ids are lower. No committed row
 * can be above the newest finished transaction otherwise, so that a running instance is never touched.
 */
async function raiseTicks(sql: Sql): Promise<void> {
  await sql`
    update instance set tick_offset = newest.tick - pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    from (select greatest((select max(tick) + 1 from events), (select max(to_tick) from seals)) as tick) newest
    where newest.tick > pg_snapshot_xmax(pg_current_snapshot())::text::bigint + tick_offset`
}

/** The instance as it was opened: its keys, and the role that its connections take; undefined where none could be made. */
export type OpenInstance = { keys: InstanceKeys; role: string | undefined }

/**
 * Proves the master key against the database and migrates it; a first start makes both key and row. With a wrong or
 * missing key nothing is written, not even a migration.
 * @throws {WrongMasterKey} exit code 78
 */
export async function openInstance(config: Config, address: Address): Promise<OpenInstance> {
  const sql = connect(address, { max: 1, name: 'countersign start' })
  try {
    const given = readMasterKey({ dataDir: config.dataDir, given: config.masterKey })
    await prove(given, sql)
    await migrate(address)
    const master = given ?? createMasterKey(config.dataDir)
    await sql`
      insert into instance (id, check_value, root_key)
      values (1, ${checkOf(master)}, ${seal(derive(master, 'wrap'), randomBytes(32), 'instance.root_key')})
      on conflict do nothing`
    const row = await readRow(sql)
    if (!row) throw new Error('The instance row went away.')
    await raiseTicks(sql)
    return { keys: unwrap(master, row), role: await serverRole(sql) }
  } finally {
    await sql.end({ timeout: 5 })
  }
}
