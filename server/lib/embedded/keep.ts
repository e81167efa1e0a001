import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartFault } from '../fault.ts'
import type { Binaries } from './binaries.ts'
import type { Home } from './home.ts'
import { type Lease, takeLease } from './lease.ts'
import { findPostmaster, launch, stop } from './postmaster.ts'
import { port } from './settings.ts'

/** Recovery after a crash can take a while; longer than this (ms) somebody should look. */
const longestStart = 300_000

/**
 * Joins or starts the server and keeps it: when it is lost, joins or starts it again. Answers `release`, which gives the
 * claim back and stops the server when nobody else has one.
 */
export async function keep(home: Home, binaries: Binaries, log: (line: string) => void): Promise<() => Promise<void>> {
  let released = false
  let lease: Lease | undefined = await attend(home, binaries)
  const watch = async () => {
    while (lease) {
      await lease.lost
      await lease.close()
      lease = released ? undefined : await again()
      if (!released || !lease) continue
      await giveBack(lease)
      lease = undefined
    }
  }
  const giveBack = async (held: Lease) => {
    if ((await held.leave()) && !(await stop(home))) log('The embedded database is still stopping')
    await held.close()
  }
  // The machine may be out of disk or memory for a while: without end, until released.
  const again = async () => {
    log('The connection to the embedded database was lost; joining it again')
    while (!released) {
      try {
        return await attend(home, binaries)
      } catch (error) {
        log(String(error))
        await sleep(1000)
      }
    }
    return undefined
  }
  const watching = watch()
  return async () => {
    if (released) return
    released = true
    if (lease) await giveBack(lease)
    await watching
  }
}

/** Claims the running server, or starts it and claims it. Those who race agree: PostgreSQL lets one start. */
async function attend(home: Home, binaries: Binaries): Promise<Lease> {
  const socket = join(home.run, `.s.PGSQL.${port}`)
  for (const began = performance.now(); performance.now() - began < longestStart; ) {
    const running = findPostmaster(home)
    if (!running) {
      if (await launch(home, binaries)) continue
    } else if (running.ready) {
      const lease = await takeLease(home)
      if (lease) return lease
      // Removed by hand: nobody can reach this server any more.
      if (!existsSync(socket) && findPostmaster(home)?.ready) await stop(home)
    }
    await sleep(20)
  }
  throw new StartFault(`The embedded PostgreSQL in ${home.data} does not accept connections; see ${home.log}.`)
}
