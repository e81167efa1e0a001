import { afterAll } from 'vitest'
import type { World } from '../../server/world.ts'
import { build, type Ended, start, temporaryDirectory } from '../built.ts'
import { testDb } from '../db.ts'
import { type Balancer, startHaproxy, steadyPort } from '../faults/haproxy.ts'
import { urlOf } from '../faults/nodes.ts'
import { worldAt } from '../serve.ts'
import { until } from '../until.ts'

type Environment = Record<string, string>

type Cluster = {
  /** The balancer's. */
  url: string
  balancer: Balancer
  /** One more world of the same instance, without a door and without any work by the clock. */
  world: World
  /** The nodes' own addresses, whether they run or not. */
  urls: string[]
  /** Starts the node at a place, and waits until the balancer sends it requests. */
  join(place: number): Promise<void>
  /** Ends it, and resolves when the process is gone. */
  end(place: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<Ended>
}

/** HAProxy before so many places for nodes of the built server, all on one new database; no node runs yet. */
export async function cluster(places: number, more: Environment = {}): Promise<Cluster> {
  build()
  const { address } = await testDb({ max: 2 })
  const ports: number[] = []
  for (let place = 0; place < places; place++) ports.push(await steadyPort())
  const balancer = await startHaproxy(ports)
  const environment = {
    MASTER_KEY: 'ab'.repeat(32),
    RATE_LIMITS: '*=100000000/60',
    DATA_DIR: temporaryDirectory(), // the keyring is there too
    PUBLIC_URL: balancer.url,
    TRUSTED_PROXIES: '127.0.0.1',
    DRAIN_SECONDS: '3',
    ...more,
  }
  const world = await worldAt(address, environment)
  const running = new Map<number, ReturnType<typeof start>>()
  afterAll(() =>
    Promise.all(
      [...running.values()].map(({ child, ended }) => {
        child.kill('SIGKILL')
        return ended
      }),
    ),
  )
  return {
    url: balancer.url,
    balancer,
    world,
    urls: ports.map((port) => `http://127.0.0.1:${port}`),
    async join(place) {
      const variables = { ...environment, DATABASE_URL: urlOf(address), PORT: String(ports[place]), LOG_LEVEL: 'error' }
      const node = start(['serve'], variables)
      running.set(place, node)
      await until(async () => {
        if (node.child.exitCode !== null) throw new Error(`The node ended: ${node.stderr()}`)
        return node.stderr().includes('is ready')
      }, 120_000)
      await balancer.takes(place, true)
    },
    async end(place, signal) {
      const node = running.get(place)
      if (!node) throw new Error(`No node runs at ${place}.`)
      running.delete(place)
      node.child.kill(signal)
      return node.ended
    },
  }
}
