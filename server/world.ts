import type { Config } from './env.ts'
import { type InstanceKeys, openInstance } from './instance.ts'
import { type Db, openDb } from './lib/db.ts'
import { type Address, connect } from './lib/driver/connect.ts'
import { startEmbedded } from './lib/embedded/index.ts'
import { type Limiter, openLimiter } from './lib/limiter.ts'
import type { Log } from './lib/log.ts'
import { openWake, type Wake } from './lib/wake.ts'

/** All that a request may lean on; opened once, closed in reverse. Nothing in it is the only copy of anything. */
export type World = {
  config: Config
  log: Log
  db: Db
  address: Address
  keys: InstanceKeys
  limiter: Limiter
  wake: Wake
  clock: { now(): Date }
  /** True from the first sign of shutdown on: not ready, waiters answered, new work refused. */
  isClosing(): boolean
  /** Answers every waiter at once and makes `/readyz` say 503; what is under way may finish. */
  drain(): void
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
  const opened: (() => Promise<unknown>)[] = embedded ? [() => embedded.release()] : []
  try {
    const keys = await openInstance(config, at)
    const db = openDb({ address: at })
    opened.push(() => db.close())
    const wake = await openWake((hooks) => connect(at, { max: 1, name: 'countersign listen', ...hooks }), 'changes')
    opened.push(() => wake.close())
    let closing = false
    const drain = () => {
      closing = true
      wake.release()
    }
    return {
      config,
      log,
      db,
      address: at,
      keys,
      limiter: openLimiter(db.sql, config.rateLimits),
      wake,
      clock: clock ?? { now: () => new Date() },
      isClosing: () => closing,
      drain,
      async close() {
        drain()
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
