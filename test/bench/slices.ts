import type { Slice } from './client.ts'
import { makePending } from './pending.ts'
import { cpuOf, memoryOf, type Running } from './processes.ts'
import { median, type Row } from './rows.ts'
import type { Stage } from './stage.ts'
import type { CaseName, Target } from './units.ts'

const connections = 32

/** A server as a case's requests reach it. */
export type Player = Target & Pick<Running, 'pid'>

/** How long a case is measured; a slice of `act` ends after so many `acts`, since what it decides is made before it. */
export type Length = { pairs: number; seconds: number; warm: number; acts: number }

export const rateOf = (slice: Slice): number => slice.units / slice.seconds

/** A slice with the server's CPU time for each unit, in microseconds. */
type Measured = Slice & { cpu: number | undefined }

export async function takeSlice(
  stage: Stage,
  name: CaseName,
  player: Player,
  { seconds, acts = 0 }: { seconds: number; acts?: number },
): Promise<Measured> {
  let made = 0
  const items = name === 'act' ? await makePending(stage, player.side, acts, () => `acted/${made++}`) : undefined
  const before = cpuOf(player.pid)
  const slice = await stage.client.run({ name, target: player, connections, seconds, ...(items ? { items } : {}) })
  const after = cpuOf(player.pid)
  return { ...slice, cpu: before === undefined || after === undefined ? undefined : (after - before) / slice.units }
}

/** Load until the compiler has done with what is hot; slices that end by count are repeated. */
async function warmUp(stage: Stage, name: CaseName, player: Player, { warm, acts }: Length): Promise<void> {
  const until = performance.now() + warm * 1000
  do await takeSlice(stage, name, player, { seconds: warm, acts })
  while (performance.now() < until)
}

/**
 * Measures a case side by side with its limit: slices in turn, in the order ours, limit, limit, ours, …, so that a machine
 * that drifts drifts for both. The ratio is the median over the pairs.
 */
export async function measure(
  stage: Stage,
  name: CaseName,
  [ours, limit]: readonly [Player, Player],
  length: Length,
): Promise<Row> {
  const taken = { ours: [] as Measured[], limit: [] as Measured[] }
  const turn = async (player: Player) =>
    void taken[player === ours ? 'ours' : 'limit'].push(await takeSlice(stage, name, player, length))
  for (const player of [limit, ours]) await warmUp(stage, name, player, length)
  for (let pair = 0; pair < length.pairs; pair++)
    for (const player of pair % 2 === 0 ? [ours, limit] : [limit, ours]) await turn(player)
  const cpu = taken.ours.flatMap((slice) => slice.cpu ?? [])
  const kib = memoryOf(ours.pid)
  return {
    case: name,
    ours: median(taken.ours.map(rateOf)),
    limit: median(taken.limit.map(rateOf)),
    ratio: median(taken.ours.map((slice, i) => rateOf(slice) / rateOf(taken.limit[i] ?? slice))),
    p50_ms: median(taken.ours.map((slice) => slice.p50)),
    p99_ms: median(taken.ours.map((slice) => slice.p99)),
    cpu_us: cpu.length === 0 ? null : median(cpu),
    rss_mib: kib === undefined ? null : kib / 1024,
  }
}
