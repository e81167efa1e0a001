import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { makeAgent } from '../agents.ts'
import { build, type Served, startServer, temporaryDirectory } from '../built.ts'
import { testDb } from '../db.ts'
import { openHistory } from '../faults/history.ts'
import {
  counted,
  isLinearizable,
  type SingleUse,
  type SingleUseAnswer,
  singleUse,
  type Versioned,
  type VersionedAnswer,
  versionFaults,
} from '../faults/linearizable.ts'
import { urlOf } from '../faults/nodes.ts'
import { type Ask, asker, type Reply } from '../http.ts'
import { makeAsker } from '../make.ts'
import { freePort } from '../port.ts'
import { worldAt } from '../serve.ts'
import {
  type Asker,
  type AskSome,
  approvalThing,
  type Histories,
  permissionThing,
  secretThing,
  type Thing,
  valueThing,
} from './linearizable-work.ts'

const [clients, nodeCount] = [20, 4]

build()
const { address } = await testDb({ max: 2 })
const ports = await Promise.all(Array.from({ length: nodeCount }, freePort))
const environment = {
  ...{ DATABASE_URL: urlOf(address), MASTER_KEY: 'ab'.repeat(32), DATA_DIR: temporaryDirectory() },
  ...{ RATE_LIMITS: '*=100000000/60', LOG_LEVEL: 'error', PUBLIC_URL: 'http://linear.test' },
}
const { MASTER_KEY, DATA_DIR, PUBLIC_URL } = environment
const world = await worldAt(address, { MASTER_KEY, DATA_DIR, PUBLIC_URL })
const startNode = (place: number) => startServer({ ...environment, PORT: String(ports[place]) })
const nodes = await Promise.all(ports.map((_port, place) => startNode(place)))
const asks = ports.map((port) => asker(`http://127.0.0.1:${port}`))
const { key, project } = await makeAsker(world)
const { key: testKey } = await makeAgent(world, project, { env: 'test' })

/** Any node; a reply that does not come within 12 s may have happened. */
const askSome: AskSome = (method, path, ask) => {
  const some = asks[Math.floor(Math.random() * nodeCount)] ?? asker('')
  return Promise.race([some(method, path, ask), sleep(12_000).then(() => Promise.reject(new Error('No reply came.')))])
}

/** The same, but that reads are answered from what was read in the last 200 ms: what a cache would do. */
function askCached(): AskSome {
  const kept = new Map<string, { reply: Promise<Reply>; at: number }>()
  return (method, path, ask: Ask = {}) => {
    if (method !== 'GET') return askSome(method, path, ask)
    const known = kept.get(path)
    if (known && performance.now() - known.at < 200) return known.reply
    const reply = askSome(method, path, ask)
    kept.set(path, { reply, at: performance.now() })
    return reply
  }
}

/** Twenty clients at so many things at once, each replaced when enough is known of it, until enough calls are recorded. */
async function mixed(ask: AskSome, atOnce: number, enough: (calls: number) => boolean) {
  const histories: Histories = {
    values: openHistory<Versioned, VersionedAnswer>(),
    once: openHistory<SingleUse, SingleUseAnswer>(),
    thrice: openHistory<'use' | 'read', number | 'refused'>(),
  }
  const asking: Asker = { ask, key, testKey, origin: PUBLIC_URL, histories }
  const counts = () => Object.values(histories).map((one) => one.counts())
  const calls = () => counts().reduce((sum, one) => sum + one.calls, 0)
  const makers = [async () => valueThing(asking), approvalThing, secretThing, permissionThing]
  const things: (Thing | undefined)[] = Array.from({ length: atOnce })
  const client = async (who: number) => {
    while (!enough(calls())) {
      const place = Math.floor(Math.random() * atOnce)
      const thing = things[place]
      if (thing && !thing.isOver()) await thing.call(who)
      // Somebody else may make one for the same place: what is left behind was a short history.
      else things[place] = await makers[place % makers.length]?.(asking)
      if (!thing) await sleep(1)
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, who) => client(who)))
  return { histories, calls: calls(), maybe: counts().reduce((sum, one) => sum + one.maybe, 0) }
}

/** The things whose history is not linearizable, with what is known of why. */
function faultsIn({ values, once, thrice }: Histories): string[] {
  const told = (kind: string, name: string, calls: unknown) => `${kind} ${name}: ${JSON.stringify(calls)}`
  return [
    ...[...values.things].flatMap(([name, calls]) => versionFaults(calls).map((fault) => `${name}: ${fault}`)),
    ...[...once.things].flatMap(([name, calls]) =>
      isLinearizable(singleUse, calls) ? [] : [told('once', name, calls)],
    ),
    ...[...thrice.things].flatMap(([name, calls]) =>
      isLinearizable(counted(3), calls) ? [] : [told('thrice', name, calls)],
    ),
  ]
}

/** Kills a node every few seconds, as a power cut would, and starts it again at the same port. */
function killing() {
  let stopped = false
  let kills = 0
  const running = (async () => {
    while (!stopped) {
      await sleep(4000)
      const place = kills++ % nodeCount
      const node: Served | undefined = nodes[place]
      await node?.stop('SIGKILL')
      await sleep(300)
      nodes[place] = await startNode(place)
    }
  })()
  return {
    async stop() {
      stopped = true
      await running
      return kills
    },
  }
}

test('reads from a cache of 200 ms are found not to be linearizable (the control)', async () => {
  const { histories } = await mixed(askCached(), 4, (made) => made >= 6000)
  const faults = faultsIn(histories)
  expect(faults).not.toEqual([])
}, 600_000)

test('four nodes, twenty clients and a kill every few seconds: 0 of at least 50 000 calls are out of order', async () => {
  const start = performance.now()
  const kills = killing()
  const { histories, calls, maybe } = await mixed(
    askSome,
    12,
    (made) => performance.now() - start > 60_000 && made >= 50_000,
  )
  const killed = await kills.stop()
  expect(faultsIn(histories)).toEqual([])
  expect(calls).toBeGreaterThanOrEqual(50_000)
  // Otherwise nothing was cut: the kills are part of what is shown.
  expect(killed).toBeGreaterThan(10)
  expect(maybe).toBeGreaterThan(10)
}, 900_000)
