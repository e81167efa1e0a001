import postgres from 'postgres'
import { DatabaseAway, isDatabaseAway } from '../../server/lib/deadline.ts'
import { proxy } from './proxy.ts'

// A process that works through a proxy while its connections are cut: `node driver.child.mjs SOCKET WAY TIMES`.
// It says what it saw as one line of JSON, or dies. Bundled with the guard, or (the control) without.
const [socket = '', way = '', times = '30'] = process.argv.slice(2)
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const base = {
  user: 'countersign',
  database: 'countersign',
  backoff: () => 0.2,
  connect_timeout: 5,
  onnotice: () => {},
}
const between = await proxy(socket)
const name = `cut ${process.pid}`
const sql = postgres({
  ...base,
  host: '127.0.0.1',
  port: between.port,
  max: 10,
  connection: { application_name: name },
})
// Straight to the server: gives the orders.
const orders = () => postgres({ ...base, path: socket, max: 1 })

const seen = { settled: 0, refused: 0, hung: 0, wrong: new Set<string>(), slowest: 0, halves: 0, working: 0 }
const table = `pairs_${process.pid}`
const first = orders()
await first.unsafe(`create table ${table} (pair text, half int)`)
await first.end()

/** One piece of work; counts it as hung when it has not ended within 10 s. */
async function piece(work: () => Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DatabaseAway('late')), 10_000)
  })
  try {
    await Promise.race([work(), late])
    seen.settled++
  } catch (error) {
    if (error instanceof DatabaseAway) seen.hung++
    else if (isDatabaseAway(error)) seen.refused++
    else seen.wrong.add(String(error))
    await sleep(20)
  } finally {
    clearTimeout(timer)
  }
}

let over = false
let pairs = 0
const kinds = [
  () => sql`select ${'x'.repeat(3000)}::text as text, ${1}::int as number`,
  () => sql`select generate_series(1, 300) as row`,
  () =>
    sql.begin(async (tx) => {
      const pair = `p${pairs++}`
      await tx`insert into ${tx(table)} values (${pair}, 1)`
      await tx`insert into ${tx(table)} values (${pair}, 2)`
    }),
]
async function worker(turn: number): Promise<void> {
  while (!over) await piece(kinds[turn++ % kinds.length] ?? (async () => {}))
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const cuts: Record<string, () => Promise<unknown>> = {
  FIN: async () => between.cut('FIN'),
  RST: async () => between.cut('RST'),
  terminate: async () => {
    const admin = orders()
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${name}`
    await admin.end()
  },
  restart: async () => {
    const admin = orders()
    const [row] = await admin`select split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int as pid`
    await admin.end({ timeout: 1 })
    process.kill(row?.pid, 'SIGINT')
    while (alive(row?.pid)) await sleep(5)
  },
}

const workers = Array.from({ length: 20 }, (_, turn) => worker(turn))
for (let n = 0; n < Number(times); n++) {
  await sleep(20 + (n % 7) * 13)
  await cuts[way]?.()
  const began = performance.now()
  while (performance.now() - began < 15_000) {
    const back = await Promise.race([
      sql`select 1`.then(
        () => true,
        () => false,
      ),
      sleep(2000),
    ])
    if (back === true) break
    await sleep(20)
  }
  seen.slowest = Math.max(seen.slowest, Math.round(performance.now() - began))
}
over = true
await Promise.race([Promise.all(workers), sleep(11_000)])
// Is every connection of the pool still of use?
const all = Array.from({ length: 10 }, () => sql`select pg_sleep(0.2), pg_backend_pid() as pid`)
const pids = await Promise.race([Promise.all(all), sleep(5000)])
seen.working = Array.isArray(pids) ? new Set(pids.map(([row]) => row?.pid)).size : 0
const last = orders()
const [halves] = await last.unsafe(
  `select count(*)::int as n from (select from ${table} group by pair having count(*) <> 2) as h`,
)
seen.halves = halves?.n
await last.unsafe(`drop table ${table}`)
process.stdout.write(`${JSON.stringify({ ...seen, wrong: [...seen.wrong] })}\n`, () => process.exit(0))
