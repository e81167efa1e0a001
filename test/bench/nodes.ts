import { type Running, startClient } from './processes.ts'
import { median, type Row } from './rows.ts'
import { type Length, type Player, rateOf } from './slices.ts'
import type { Stage } from './stage.ts'
import type { CaseName } from './units.ts'

/** Connections over all nodes, the same however many they are. */
const connections = 32

const cases = ['poll', 'create'] as const satisfies readonly CaseName[]

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
 * Two and four nodes on one Postgres against one node, in alternating slices: what more of them are worth, or cost, where
 * the machine's cores or the database are the limit.
 */
export async function nodes(stage: Stage, length: Length): Promise<Row[]> {
  const more: Running[] = []
  const clients = Array.from({ length: 4 }, startClient)
  try {
    for (let node = 1; node < 4; node++) more.push(await stage.another())
    const [first, ...others] = clients
    if (!first) throw new Error('No client was started.')
    const one: Load = { client: first, player: stage.player('ours') }
    const all = [one, ...more.map((node, at) => ({ client: others[at] ?? first, player: { ...one.player, ...node } }))]
    const rows: Row[] = []
    for (const name of cases)
      for (const count of [2, 4]) {
        const several = all.slice(0, count)
        await rateOver(several, name, length.warm)
        const taken = { ours: [] as number[], limit: [] as number[] }
        for (let pair = 0; pair < length.pairs; pair++)
          for (const side of pair % 2 === 0 ? (['ours', 'limit'] as const) : (['limit', 'ours'] as const))
            taken[side].push(await rateOver(side === 'ours' ? several : [one], name, length.seconds))
        rows.push({
          case: `nodes, ${name} on ${count} against one`,
          ours: median(taken.ours),
          limit: median(taken.limit),
          ratio: median(taken.ours.map((rate, at) => rate / (taken.limit[at] ?? rate))),
          ...{ p50_ms: null, p99_ms: null, cpu_us: null, rss_mib: null },
        })
      }
    return rows
  } finally {
    await Promise.all([...clients, ...more].map((one) => one.stop()))
  }
}
