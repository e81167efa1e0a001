import { createHistogram } from 'node:perf_hooks'
import { type CaseName, type Target, type Unit, units } from './units.ts'
import { openWire, type Wire } from './wire.ts'

/** A slice of load: for so many seconds, or until every item was used once. */
export type Job = { name: CaseName; target: Target; connections: number; seconds: number; items?: string[] }

/** What a slice came to; times in milliseconds. */
export type Slice = { units: number; seconds: number; p50: number; p99: number }

export type JobReply = { slice: Slice } | { fault: string }

const wires = new Map<string, Wire[]>()
let made = 0

async function wiresTo({ port }: Target, connections: number): Promise<Wire[]> {
  const name = `${port} ${connections}`
  const open = wires.get(name)?.filter((wire) => !wire.socket.destroyed) ?? []
  while (open.length < connections) open.push(await openWire(port))
  wires.set(name, open)
  return open
}

async function run({ name, target, connections, seconds, items }: Job): Promise<Slice> {
  const unit: Unit = units[name]
  const open = await wiresTo(target, connections)
  const histogram = createHistogram({ lowest: 1, highest: 60_000_000, figures: 3 })
  const start = performance.now()
  const until = start + seconds * 1000
  let count = 0
  let used = 0
  await Promise.all(
    open.map(async ({ ask }) => {
      for (;;) {
        const from = performance.now()
        const item = items?.[used++] ?? ''
        if (items ? item === '' : from >= until) return
        await unit(ask, target, made++, item)
        histogram.record(Math.max(1, Math.round((performance.now() - from) * 1000)))
        count++
      }
    }),
  )
  const ms = (percentile: number) => histogram.percentile(percentile) / 1000
  return { units: count, seconds: (performance.now() - start) / 1000, p50: ms(50), p99: ms(99) }
}

process.on('message', (job: Job) => {
  run(job).then(
    (slice) => process.send?.({ slice } satisfies JobReply),
    (fault) => process.send?.({ fault: String(fault) } satisfies JobReply),
  )
})
