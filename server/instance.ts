import { randomBytes } from 'node:crypto'
import { migrate, serverRole } from '../drizzle/migrate.ts'
import type { Config } from './env.ts'
import { derive, hmac, seal, unseal } from './lib/crypto.ts'
import { type Address, connect, type Sql } from './lib/driver/connect.ts'
import { StartFault } from './lib/fault.ts'
import { createMasterKey, readMasterKey } from './lib/masterkey.ts'
import { unwrapGeneration, wrapGeneration } from './vault.ts'

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
  /** With the API key's text: seals what lists of secrets show again; alone, addresses to tell. */
  receipts: Uint8Array
  /** HMAC of each audit row. */
  audit: Uint8Array
  /** Seed of the Ed25519 key that signs the heads of audit chains. */
  signing: Uint8Array
  /** Names this instance to push services: the P-256 key of RFC 8292 is made from it. */
  push: Uint8Array
}

const keysOf = (root: Uint8Array): InstanceKeys => ({
  pepper: derive(root, 'pepper'),
  csrf: derive(root, 'csrf'),
  replies: derive(root, 'idempotency replies'),
  sessions: derive(root, 'sessions'),
  mails: derive(root, 'mails'),
  receipts: derive(root, 'secret receipts'),
  audit: derive(root, 'audit rows'),
  signing: derive(root, 'audit heads'),
  push: derive(root, 'push'),
})

const checkOf = (master: Uint8Array) => hmac(derive(master, 'check'), 'countersign master key')

/** The stored row, or nothing while the database was never used. */
async function readRow(sql: Sql): Promise<Row | undefined> {
  const [found] = await sql`select to_regclass('public.instance') is not null as there`
  if (!found?.there) return undefined
  const [row] = await sql<Row[]>`select check_value, root_key from instance`
  return row
}

type Row = { check_value: Uint8Array; root_key: Uint8Array }

/** The master key of this database: the present one, or during a rotation one from before. @throws {WrongMasterKey} */
function masterOf(masters: readonly Uint8Array[], row: Row, what = 'database'): Uint8Array {
  const master = masters.find((one) => checkOf(one).equals(row.check_value))
  if (master) return master
  throw new WrongMasterKey(
    masters.length === 0
      ? `This ${what} has a master key, but there is none here: set MASTER_KEY, or put back master.key in DATA_DIR.`
      : `This ${what} was made under another master key. Set MASTER_KEY, or put back master.key in DATA_DIR, as it was; during a rotation, the old one goes into PREVIOUS_MASTER_KEYS.`,
  )
}

const unwrapRoot = (master: Uint8Array, row: Row): Uint8Array =>
  unseal(derive(master, 'wrap'), row.root_key, 'instance.root_key')

const wrapRoot = (master: Uint8Array, root: Uint8Array): Buffer =>
  seal(derive(master, 'wrap'), root, 'instance.root_key')

/** The present master key, if there is one yet, and those from before. @throws {MasterKeyFault} */
export function mastersIn(config: Config): Uint8Array[] {
  const present = readMasterKey({ dataDir: config.dataDir, given: config.masterKey })
  return present ? [present, ...config.previousMasterKeys] : []
}

/** Whether the database was ever used; when it was, the master key is the right one. Writes nothing. @throws {WrongMasterKey} */
export async function proveMasterKey(config: Config, sql: Sql): Promise<boolean> {
  const row = await readRow(sql)
  if (row) unwrapRoot(masterOf(mastersIn(config), row), row)
  return row !== undefined
}

/** What ties a backup to its instance, as the database keeps it: of no use without the master key. */
export async function readSeal(sql: Sql): Promise<{ check: Uint8Array; root: Uint8Array } | undefined> {
  const row = await readRow(sql)
  return row && { check: row.check_value, root: row.root_key }
}

/** The key that backups of an instance are sealed under. Throws for a root that was changed. @throws {WrongMasterKey} */
export function backupKey(config: Config, { check, root }: { check: Uint8Array; root: Uint8Array }): Uint8Array {
  const row = { check_value: check, root_key: root }
  return derive(unwrapRoot(masterOf(mastersIn(config), row, 'backup'), row), 'backups')
}

/**
 * Puts everything that is wrapped under the master key under the first of `masters`, and begins a generation of the sealing
 * key. To be run in a transaction; false when that master key is the database's already, and nothing was done.
 * @throws {WrongMasterKey}
 */
export async function moveToMaster(sql: Sql, masters: readonly Uint8Array[]): Promise<boolean> {
  const [next] = masters
  const [row] = await sql<Row[]>`select check_value, root_key from instance for update`
  if (!next || !row) throw new Error('There is nothing to move.')
  const old = masterOf(masters, row)
  if (checkOf(next).equals(row.check_value)) return false
  const root = unwrapRoot(old, row)
  await sql`update instance set check_value = ${checkOf(next)}, root_key = ${wrapRoot(next, root)}`
  const rows = await sql<{ generation: number; wrapped: Uint8Array }[]>`select generation, wrapped from instance_keys`
  for (const { generation: version, wrapped } of rows) {
    const key = unwrapGeneration(masters, version, wrapped)
    if (!key) throw new WrongMasterKey('A sealing key of this database is under a master key that was not given.')
    await sql`update instance_keys set wrapped = ${wrapGeneration(next, { version, key })} where generation = ${version}`
  }
  const version = 1 + Math.max(0, ...rows.map(({ generation }) => generation))
  const fresh = wrapGeneration(next, { version, key: randomBytes(32) })
  await sql`insert into instance_keys (generation, wrapped) values (${version}, ${fresh})`
  return true
}

/**
 * Ticks of events only grow, also when a dump was loaded into a cluster whose transaction ids are lower. No committed row
 * can be above the newest finished transaction otherwise, so that a running instance is never touched.
 */
async function raiseTicks(sql: Sql): Promise<void> {
  await sql`
    update instance set tick_offset = newest.tick - pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    from (select greatest((select max(tick) + 1 from events), (select max(to_tick) from seals), (select max(tick) from outbox))
      as tick) newest
    where newest.tick > pg_snapshot_xmax(pg_current_snapshot())::text::bigint + tick_offset`
}

/** The instance as it was opened. */
export type OpenInstance = {
  keys: InstanceKeys
  /** The master keys that this process was given, the present one first. */
  masters: readonly Uint8Array[]
  /** The role that its connections take; undefined where none could be made. */
  role: string | undefined
}

/**
 * Proves the master key against the database and migrates it; a first start makes both key and row. With a wrong or
 * missing key nothing is written, not even a migration.
 * @throws {WrongMasterKey} exit code 78
 */
export async function openInstance(config: Config, address: Address): Promise<OpenInstance> {
  const sql = connect(address, { max: 1, name: 'countersign start' })
  try {
    const given = mastersIn(config)
    await proveMasterKey(config, sql)
    await migrate(address)
    const masters = given.length > 0 ? given : [createMasterKey(config.dataDir)]
    const [first] = masters
    if (!first) throw new Error('There is no master key.')
    await sql`
      insert into instance (id, check_value, root_key)
      values (1, ${checkOf(first)}, ${wrapRoot(first, randomBytes(32))})
      on conflict do nothing`
    const row = await readRow(sql)
    if (!row) throw new Error('The instance row went away.')
    const master = masterOf(masters, row)
    await sql`
      insert into instance_keys (generation, wrapped)
      select 1, ${wrapGeneration(master, { version: 1, key: randomBytes(32) })}
      where not exists (select 1 from instance_keys)
      on conflict do nothing`
    await raiseTicks(sql)
    return { keys: keysOf(unwrapRoot(master, row)), masters, role: await serverRole(sql) }
  } finally {
    await sql.end({ timeout: 5 })
  }
}
