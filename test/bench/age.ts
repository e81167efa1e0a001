import { setTimeout as sleep } from 'node:timers/promises'
import { cost, type Row } from './rows.ts'
import { type Length, measure, type Player, takeSlice } from './slices.ts'
import type { Stage } from './stage.ts'

/** A number of a server's `/metrics`. */
export async function metric(port: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const found = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]
  if (found === undefined) throw new Error(`/metrics has no ${name}.`)
  return Number(found)
}

/** The heap in MiB right after collections: the least of what is seen under load. */
async function heapUnderLoad(stage: Stage, player: Player, seconds: number): Promise<number> {
  const seen: number[] = []
  let over = false
  const load = takeSlice(stage, 'poll', player, { seconds }).then(() => {
    over = true
  })
  while (!over) {
    seen.push(await metric(player.port, 'nodejs_heap_size_used_bytes'))
    await sleep(20)
  }
  await load
  return Math.min(...seen) / 2 ** 20
}

/**
 * What a server loses with age: the one that answered `requests` polls against one that starts only then, in one run. Its
 * heap may grow by a tenth from where it stood after the first of them.
 */
export async function age(stage: Stage, requests: number, length: Length): Promise<Row[]> {
  const old = stage.player('ours')
  let answered = 0
  let settled: number | undefined
  while (answered < requests) {
    answered += (await takeSlice(stage, 'poll', old, { seconds: 5 })).units
    if (settled === undefined && answered > requests / 20) settled = await heapUnderLoad(stage, old, 4)
  }
  const heap = await heapUnderLoad(stage, old, 4)
  const young = await stage.another('ours')
  try {
    const row = await measure(stage, 'poll', [old, { ...old, ...young }], length)
    const after = `${answered.toLocaleString('en')} requests`
    return [{ ...row, case: `age, ${after}` }, cost(`heap after ${after}: MiB`, heap, (settled ?? heap) * 1.1)]
  } finally {
    await young.stop()
  }
}
