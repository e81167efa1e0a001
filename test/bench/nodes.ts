import { type Running, startClient } from './processes.ts'
import { median, type Row } from './rows.ts'
import { type Length, type Player, rateOf } from './slices.ts'
import type { Stage } from './stage.ts'
import type { CaseName, Side } from './units.ts'

/** Connections over all nodes, the same however many they are. */
const connections = 32

const cases = ['poll', 'create'] as const satisfies readonly CaseName[]
const sides = ['ours', 'limit'] as const satisfies readonly Side[]

type Load = { client: ReturnType<typeof startClient>; player: Player }

/** What so many nodes answer together in a slice, each asked by a process of its own. */
async function rateOver(loads: readonly Load[], name: CaseName, seconds: number): Promise<number> {
  const share = connections / loads.length
  const slices = await Promise.all(
    loads.map(({ client, player: target }) => client.run({ name, target, connections: share, seconds })),
  )
  return slices.reduce((sum, slice) => sum + rateOf(slice), 0)
}

/**
 * What two and four nodes on one Postgres do against one, beside what the limit gains or loses by as many processes: the
 * machine's cores and the database are the same for both. Slices take turns, so that a machine that drifts drifts for all.
 */
export async function nodes(stage: Stage, length: Length): Promise<Row[]> {
  const clients = Array.from({ length: 4 }, startClient)
  const more: Running[] = []
  try {
    const loads: Record<Side, Load[]> = { ours: [], limit: [] }
    for (const side of sides)
      for (const [at, client] of clients.entries()) {
        const node = at === 0 ? undefined : await stage.another(side)
        if (node) more.push(node)
        loads[side].push({ client, player: { ...stage.player(side), ...node } })
      }
    const rows: Row[] = []
    for (const name of cases)
      for (const count of [2, 4]) {
        for (const side of sides) await rateOver(loads[side].slice(0, count), name, length.warm)
        const gains: Record<Side, number[]> = { ours: [], limit: [] }
        for (let pair = 0; pair < length.pairs; pair++)
          for (const side of pair % 2 === 0 ? sides : sides.toReversed()) {
            const one = await rateOver(loads[side].slice(0, 1), name, length.seconds)
            gains[side].push((await rateOver(loads[side].slice(0, count), name, length.seconds)) / one)
          }
        rows.push({
          case: `nodes, ${name}: ${count} against one`,
          ours: median(gains.ours),
          limit: median(gains.limit),
          ratio: median(gains.ours.map((gain, at) => gain / (gains.limit[at] ?? gain))),
          ...{ p50_ms: null, p99_ms: null, cpu_us: null, rss_mib: null },
        })
      }
    return rows
  } finally {
    await Promise.all([...clients, ...more].map((one) => one.stop()))
  }
}
