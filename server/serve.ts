import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from './env.ts'
import { buildServer } from './http/listen.ts'
import { startDelivering } from './jobs/deliver.ts'
import { startMailing } from './jobs/mail.ts'
import { startSealer } from './jobs/seal.ts'
import { startSweeper } from './jobs/sweep.ts'
import type { Log } from './lib/log.ts'
import { freshSetupLink } from './setup/owner.ts'
import { openWorld, type World, type WorldOptions } from './world.ts'

export type Service = {
  /** What a person opens. */
  url: string
  /** What makes the first person; undefined once somebody runs the instance. */
  setupLink: string | undefined
  world: World
  /**
   * Serves on for `DRAIN_SECONDS` while `/readyz` says 503; then answers waiters, finishes what is under way (at most 25 s),
   * and lets go of the database.
   */
  close(): Promise<void>
}

const drainMs = 25_000

/** Opens the world and both doors, and does by the clock what must be done. */
export async function serve(config: Config, log: Log, options: Partial<WorldOptions> = {}): Promise<Service> {
  const world = await openWorld({ ...options, config, log })
  try {
    const app = buildServer(world)
    await app.listen({ host: config.host, port: config.port })
    const sweeper = startSweeper(world)
    const sealer = startSealer(world)
    const mailing = startMailing(world)
    const delivering = startDelivering(world)
    return {
      url: config.publicUrl,
      setupLink: await freshSetupLink(world),
      world,
      async close() {
        world.leave()
        await sleep(config.drainSeconds * 1000)
        // A connection whose last answer comes from now on is not kept for a next request: nothing else would close it.
        app.server.keepAliveTimeout = 1
        world.drain()
        const cut = setTimeout(() => app.server.closeAllConnections(), drainMs)
        await Promise.all([app.close(), mailing.stop(), delivering.stop()])
        clearTimeout(cut)
        await Promise.all([sweeper.stop(), sealer.stop()])
        await world.close()
      },
    }
  } catch (fault) {
    await world.close()
    throw fault
  }
}
