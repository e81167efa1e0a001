import { setTimeout as sleep } from 'node:timers/promises'
import { rewrapAccounts } from '../accounts/rewrap.ts'
import { rewrapAsks } from '../asks/rewrap.ts'
import { rewrapChannels } from '../channels/rewrap.ts'
import { mastersIn, moveToMaster } from '../instance.ts'
import { rewrapKept } from '../kept/rewrap.ts'
import { connect, type Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import { rewrapBrowsers } from '../push/rewrap.ts'
import { rewrapSigningKeys } from '../receipts/rewrap.ts'
import type { Rewrap } from '../rewrapping.ts'
import { rewrapSecrets } from '../secrets/rewrap.ts'
import { rewrapWebhooks } from '../webhooks/rewrap.ts'
import type { World } from '../world.ts'

/**
 * Every table whose rows name a generation of the sealing key (a foreign key to `instance_keys`), and how its rows come
 * under another one. Whoever keeps something under `world.vault` adds a line.
 */
export const holders: Record<string, Rewrap> = {
  secrets: rewrapSecrets,
  asks: rewrapAsks,
  accounts: rewrapAccounts,
  kept_secrets: rewrapKept,
  webhooks: rewrapWebhooks,
  channels: rewrapChannels,
  signing_keys: rewrapSigningKeys,
  push_subscriptions: rewrapBrowsers,
}

/** Tables from before the column had its name. */
const named: Readonly<Record<string, string>> = { secrets: 'key_version', asks: 'key_version', accounts: 'key_version' }
const columnOf = (table: string) => named[table] ?? 'generation'

/** Any number, the same in every release: who rotates holds it. */
const lock = 7220190212

/** How long (ms) nodes that still seal under the old generation may keep coming in between. */
const patience = 180_000

/** So many rows may be left for the last step, which keeps new secrets waiting. */
const few = 200

/** What a rotation did. */
export type Rotated = {
  /** The master key is another one now. */
  changed: boolean
  /** Rows that were put under the newest generation. */
  rows: number
  /** Older generations that are gone, and those that had to stay: keys of epochs that their rows need are not here. */
  ended: number
  kept: number
}

/** Looks at every row once; answers how many were moved. */
async function pass(world: World, sql: Sql, to: number): Promise<number> {
  let rows = 0
  for (const rewrap of Object.values(holders))
    for (let after: string | undefined = ''; after !== undefined; ) {
      const { last, moved } = await rewrap(world, sql, to, after)
      rows += moved
      after = last
    }
  return rows
}

/**
 * The last step. While the older generations are held no row can come under them, so that what is left is moved and they
 * can go. Gives up soon when somebody else holds what it needs, rather than wait for one another.
 */
const end = (world: World, sql: Sql, to: number): Promise<Omit<Rotated, 'changed'>> =>
  atomically(sql, async (tx) => {
    await tx`set local lock_timeout = '200ms'`
    const older = await tx`select generation from instance_keys where generation < ${to} for update`
    if (older.length === 0) return { rows: 0, ended: 0, kept: 0 }
    const rows = await pass(world, tx, to)
    const [still] = await tx<{ versions: number[] }[]>`
      select array(${Object.keys(holders)
        .map((table) => tx`select ${tx(columnOf(table))} from ${tx(table)} where ${tx(columnOf(table))} < ${to}`)
        .reduce((all, one) => tx`${all} union ${one}`)}) as versions`
    const gone = await tx`
      delete from instance_keys where generation < ${to} and generation <> all(${still?.versions ?? []}::int[])`
    return { rows, ended: gone.count, kept: older.length - gone.count }
  })

/** Lock not available, deadlock, a row that still names what was to go. */
const passing = new Set(['55P03', '40P01', '23503'])
const isPassing = (error: unknown) => error instanceof Error && 'code' in error && passing.has(String(error.code))

/**
 * Rotates the master key to the first of the configuration's and seals every row anew, beside running servers. It can be
 * killed at any point and run again: what is done stays done, and a run with nothing to do changes nothing.
 * @throws {WrongMasterKey} when neither key is the database's
 */
export async function rotate(world: World): Promise<Rotated> {
  // One connection: the lock belongs to the session.
  const session: Record<string, string> = world.role === undefined ? {} : { role: world.role }
  const sql = connect(world.address, { max: 1, name: 'countersign rotate', session })
  try {
    await sql`select pg_advisory_lock(${lock})`
    const changed = await atomically(sql, (tx) => moveToMaster(tx, mastersIn(world.config)))
    await world.vault.refresh()
    const { version } = world.vault.newest()
    let rows = 0
    for (const began = performance.now(); ; ) {
      const moved = await pass(world, sql, version)
      rows += moved
      if (moved > few) continue
      try {
        const last = await end(world, sql, version)
        return { changed, ...last, rows: rows + last.rows }
      } catch (error) {
        if (!isPassing(error) || performance.now() - began > patience) throw error
        await sleep(50)
      }
    }
  } finally {
    await sql.end({ timeout: 5 })
  }
}
