import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { memoryOf, startServer } from './processes.ts'
import { cost, median, type Row } from './rows.ts'
import type { Stage } from './stage.ts'

const rounds = 5

/** What performance.md allows, in ms and MiB. */
const most = { embedded: 1500, given: 600, memory: 150 }

async function timeOf(root: string, env: Record<string, string>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const from = performance.now()
    const server = await startServer(root, env)
    times.push(performance.now() - from)
    await server.stop()
  }
  return median(times)
}

/** Process start to first 200, on a data directory that exists and with a database that is given; and an idle node's memory. */
export async function start({ root, env, world }: Stage): Promise<Row[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-bench-start-'))
  chmodSync(dataDir, 0o755) // the database of root runs as another account
  try {
    const own = { ...env, DATA_DIR: dataDir }
    await (await startServer(root, own)).stop()
    const embedded = await timeOf(root, own)
    const given = { ...env, DATA_DIR: join(dataDir, 'none'), DATABASE_URL: urlOf(world.address) }
    const withUrl = await timeOf(root, given)
    const idle = await startServer(root, given)
    await sleep(5000)
    const kib = memoryOf(idle.pid)
    await idle.stop()
    return [
      cost('start, embedded: ms', embedded, most.embedded),
      cost('start, DATABASE_URL: ms', withUrl, most.given),
      ...(kib === undefined ? [] : [cost('memory, idle node: MiB', kib / 1024, most.memory, { rss_mib: kib / 1024 })]),
    ]
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const urlOf = (address: Stage['world']['address']): string =>
  typeof address === 'string'
    ? address
    : `postgres://${address.user}@localhost:${address.port}/${address.database}?host=${encodeURIComponent(address.host)}`
