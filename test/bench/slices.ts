import type { Slice } from './client.ts'
import { makePending } from './pending.ts'
import { cpuOf, memoryOf, type Running } from './processes.ts'
import type { Stage } from './stage.ts'
import type { CaseName, Side } from './units.ts'

/** One line of the table. Rates are per second; for what should be small, `ratio` is limit / ours: more is always better. */
export type Row = {
  case: string
  ours: number
  limit: number
  ratio: number
  p50_ms: number | null
  p99_ms: number | null
  cpu_us: number | null
  rss_mib: number | null
}

const connections = 32

/** Approvals that one slice of `act` decides: it ends by count, since they are made before it. */
const perSlice = 2000

export const median = (all: number[]): number => {
  const sorted = [...all].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}

export const rateOf = (slice: Slice): number => slice.units / slice.seconds

type Measured = Slice & { cpu: number | undefined }

async function slice(stage: Stage, running: Running, name: CaseName, side: Side, seconds: number): Promise<Measured> {
  let round = 0
  const items =
    name === 'act' ? await makePending(stage, stage.targetOf(side).side, perSlice, () => `acted/${round++}`) : undefined
  const before = cpuOf(running.pid)
  const done = await stage.client.run({
    name,
    target: stage.targetOf(side),
    connections,
    seconds,
    ...(items ? { items } : {}),
  })
  const after = cpuOf(running.pid)
  return { ...done, cpu: before === undefined || after === undefined ? undefined : (after - before) / done.units }
}

/**
 * Measures a case side by side with its limit: slices in turn, in the order ours, limit, limit, ours, …, so that a machine
 * that drifts drifts for both. The ratio is the median over the pairs.
 */
export async function measure(stage: Stage, name: CaseName, pairs: number, seconds: number): Promise<Row> {
  const take = (side: Side, long: number) => slice(stage, stage[side], name, side, long)
  for (const side of ['ours', 'limit'] as const) await take(side, Math.min(seconds, 1.5))
  const taken: Record<Side, Measured[]> = { ours: [], limit: [] }
  for (let pair = 0; pair < pairs; pair++)
    for (const side of pair % 2 === 0 ? (['ours', 'limit'] as const) : (['limit', 'ours'] as const))
      taken[side].push(await take(side, seconds))
  const { ours, limit } = taken
  const cpu = ours.flatMap((one) => one.cpu ?? [])
  process.stderr.write(`limit cpu ${median(limit.flatMap((one) => one.cpu ?? []))}\n`)
  const kib = memoryOf(stage.ours.pid)
  return {
    case: name,
    ours: median(ours.map(rateOf)),
    limit: median(limit.map(rateOf)),
    ratio: median(ours.map((one, i) => rateOf(one) / rateOf(limit[i] ?? one))),
    p50_ms: median(ours.map((one) => one.p50)),
    p99_ms: median(ours.map((one) => one.p99)),
    cpu_us: cpu.length === 0 ? null : median(cpu),
    rss_mib: kib === undefined ? null : kib / 1024,
  }
}
