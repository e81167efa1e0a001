import type { Config } from './env.ts'
import { type InstanceKeys, openInstance } from './instance.ts'
import { type Db, openDb } from './lib/db.ts'
import { type Address, connect } from './lib/driver/connect.ts'
import { startEmbedded } from './lib/embedded/index.ts'
import { type Keyring, openKeyring } from './lib/keyring.ts'
import { type Limiter, openLimiter } from './lib/limiter.ts'
import type { Log } from './lib/log.ts'
import { openTraces, type Traces } from './lib/trace.ts'
import { openWake, type Wake } from './lib/wake.ts'
import { openVault, type Vault } from './vault.ts'

/** All that a request may lean on; opened once, closed in reverse. Nothing in it is the only copy of anything. */
export type World = {
  config: Config
  log: Log
  db: Db
  address: Address
  /** The role that every connection takes, which may not change audit rows; undefined where none could be made. */
  role: string | undefined
  keys: InstanceKeys
  vault: Vault
  keyring: Keyring
  limiter: Limiter
  wake: Wake
  /** Undefined where nobody wants traces. */
  traces: Traces | undefined
  clock: { now(): Date }
  /** True from the first sign of shutdown on: `/readyz` says 503, and every reply ends its connection. All else is served as before. */
  isLeaving(): boolean
  /** Lets balancers know that this node goes, while it goes on. */
  leave(): void
  /** True from when work ends: not ready, waiters answered, new work refused. */
  isClosing(): boolean
  /** Answers every waiter at once and makes `/readyz` say 503; what is under way may finish. */
  drain(): void
  /** Adds work that is done when the world closes and the database is still there: what was gathered gets written. */
  beforeClose(work: () => Promise<unknown>): void
  close(): Promise<void>
}

export type WorldOptions = {
  config: Config
  log: Log
  /** Where the database is, when neither `DATABASE_URL` nor an embedded one is meant: tests give theirs. */
  address?: Address
  clock?: World['clock']
}

/** Finds or starts the database, migrates it, and proves that the master key is its own before anything is written. */
export async function openWorld({ config, log, address, clock }: WorldOptions): Promise<World> {
  const given = address ?? config.databaseUrl
  const embedded =
    given === undefined
      ? await startEmbedded({ dataDir: config.dataDir, log: (line) => log.info({ embedded: true }, line) })
      : undefined
  const at = given ?? embedded?.address
  if (at === undefined) throw new Error('There is no database to open.')
  const last: (() => Promise<unknown>)[] = []
  const opened: (() => Promise<unknown>)[] = embedded ? [() => embedded.release()] : []
  try {
    const traces = config.traces && (await openTraces(config.traces, log))
    if (traces) opened.push(traces.close)
    const { keys, masters, role } = await openInstance(config, at)
    const keyring = openKeyring(config.keyringDir)
    const session: Record<string, string> = role === undefined ? {} : { role }
    const db = openDb({ address: at, session, traces })
    opened.push(() => db.close())
    const wake = await openWake(
      (hooks) => connect(at, { max: 1, name: 'countersign listen', session, ...hooks }),
      'changes',
    )
    opened.push(() => wake.close())
    const vault = await openVault(db.sql, masters)
    let [leaving, closing] = [false, false]
    const leave = () => {
      leaving = true
    }
    const drain = () => {
      leave()
      closing = true
      wake.release()
    }
    return {
      config,
      log,
      db,
      address: at,
      role,
      keys,
      vault,
      keyring,
      limiter: openLimiter(db.sql, config.rateLimits),
      wake,
      traces,
      clock: clock ?? { now: () => new Date() },
      isLeaving: () => leaving,
      leave,
      isClosing: () => closing,
      drain,
      beforeClose: (work) => void last.push(work),
      async close() {
        drain()
        for (const work of last) await work()
        for (const close of opened.reverse()) await close()
      },
    }
  } catch (fault) {
    for (const close of opened.reverse()) await close()
    throw fault
  }
}

/** Something each world has one of, made at first use: a cache, a coalesced reader. */
export function perWorld<Thing>(make: (world: World) => Thing): (world: World) => Thing {
  const made = new WeakMap<World, Thing>()
  return (world) => {
    const known = made.get(world)
    if (known !== undefined) return known
    const thing = make(world)
    made.set(world, thing)
    return thing
  }
}
