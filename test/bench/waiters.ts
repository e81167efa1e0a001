import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '../../server/lib/driver/connect.ts'
import { metric } from './age.ts'
import { makePending } from './pending.ts'
import { memoryOf, startProgram } from './processes.ts'
import { cost, percentile, type Row } from './rows.ts'
import { takeSlice } from './slices.ts'
import type { Stage } from './stage.ts'
import { type WaitOrder, type WaitReport, waitPath } from './waiters.client.ts'

/** Decisions that are timed while all others go on waiting. */
const decisions = 300

/** KiB that a waiting client may cost, and ms that its answer may come after the database's own wake. */
const [mostKib, mostMs] = [20, 100]

/** How long an idle Postgres takes from an UPDATE to the NOTIFY of it, in milliseconds; the p99. */
async function idleNotify({ world: { address, db }, projectId }: Stage): Promise<number> {
  let heard = () => {}
  const listener = connect(address, { max: 1, name: 'countersign bench listen', onnotify: () => heard() })
  await listener.unsafe('listen "changes"')
  const times: number[] = []
  for (let round = 0; round < decisions; round++) {
    const told = new Promise<void>((resolve) => {
      heard = resolve
    })
    const from = performance.now()
    await db.sql`update "values" set version = version where project_id = ${projectId} and key_path = 'bench/0'`
    await told
    times.push(performance.now() - from)
    await sleep(10)
  }
  await listener.end({ timeout: 1 })
  return percentile(times, 99)
}

/** So many clients wait on one node: what each costs in memory, and how soon they hear of a decision. */
export async function waiters(stage: Stage, count: number): Promise<Row[]> {
  const player = stage.player('ours')
  const idle = await idleNotify(stage)
  const tokens = await makePending(stage, 'ours', decisions, waitPath)
  await takeSlice(stage, 'poll', player, { seconds: 5 })
  await sleep(2000)
  const before = memoryOf(player.pid) ?? Number.NaN
  const client = startProgram('waiters.client')
  try {
    const order: WaitOrder = { target: player, count, tokens }
    const hear = client.next<WaitReport>()
    client.send(order)
    const ready = await hear
    if (!('waiting' in ready)) throw new Error(JSON.stringify(ready))
    while ((await metric(player.port, 'countersign_waiters')) < count) await sleep(50)
    await sleep(1000)
    const after = memoryOf(player.pid) ?? Number.NaN
    const times = client.next<WaitReport>()
    client.send('decide')
    const done = await times
    if (!('answered' in done)) throw new Error(JSON.stringify(done))
    const [p50, p99] = [percentile(done.answered, 50), percentile(done.answered, 99)]
    const name = `${count.toLocaleString('en')} waiters`
    return [
      cost(`${name}: KiB each`, (after - before) / count, mostKib, { rss_mib: after / 1024 }),
      cost(`${name}: acted to answered p99 ms`, p99, idle + mostMs, { p50_ms: p50, p99_ms: p99 }),
    ]
  } finally {
    await client.stop()
  }
}
