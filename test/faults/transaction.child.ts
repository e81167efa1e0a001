import postgres from 'postgres'
import { proxy } from './proxy.ts'

// Transactions in trouble: `node transaction.child.mjs SOCKET pipeline|orphan|silence`. Says what came of it as JSON, or
// dies. Bundled with the guard, or (the control) without.
const [socket = '', what = ''] = process.argv.slice(2)
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const base = { user: 'countersign', database: 'countersign', backoff: () => 0.05, onnotice: () => {}, path: socket }
const admin = postgres({ ...base, max: 1 })
const table = `troubled_${process.pid}`
await admin.unsafe(`create table ${table} (place int, half int)`)

/** A BEGIN at every place of a busy connection's pipeline (100 deep): halves that the server kept of a rolled back pair. */
async function pipeline(): Promise<object> {
  const failed: number[] = []
  for (let place = 96; place <= 103; place++) {
    const sql = postgres({ ...base, max: 1 })
    await sql`select ${1}::int`
    const reads = Array.from({ length: place }, (_, n) => sql`select ${n}::int`.execute())
    const pair = sql.begin(async (tx) => {
      await tx`insert into ${tx(table)} values (${place}, 1)`
      await tx`insert into ${tx(table)} values (${place}, 2)`
    })
    const done = await Promise.race([
      pair.then(
        () => true,
        () => false,
      ),
      sleep(2000),
    ])
    await Promise.race([Promise.allSettled(reads), sleep(1000)])
    if (done !== true) failed.push(place)
    await sql.end({ timeout: 0 })
  }
  return { failed }
}

/** A transaction that goes on after its connection was lost and used again: what of it is in the table? */
async function orphan(): Promise<object> {
  const sql = postgres({ ...base, max: 1 })
  const other: Promise<unknown>[] = []
  const ended = await sql
    .begin(async (tx) => {
      const [row] = await tx`select pg_backend_pid() as pid`
      await admin`select pg_terminate_backend(${row?.pid})`
      await sleep(100)
      other.push(sql`select 1`)
      await Promise.allSettled(other)
      await tx`insert into ${tx(table)} values (1, 2)`
    })
    .then(
      () => 'committed',
      () => 'refused',
    )
  await sleep(300)
  return { ended, rows: (await admin`select * from ${admin(table)}`).length }
}

/** The path goes silent for good: is the statement answered, and the pool of use again? */
async function silence(): Promise<object> {
  const between = await proxy(socket)
  const options = { ...base, path: '', host: '127.0.0.1', port: between.port, max: 1, answer_timeout: 1 }
  const sql = postgres(options)
  await sql`select 1`
  between.cut('silence')
  const first = await Promise.race([
    sql`select 1`.then(
      () => 'answered',
      (error) => error.code,
    ),
    sleep(4000),
  ])
  await sleep(300)
  const second = await Promise.race([
    sql`select 1`.then(
      () => 'answered',
      (error) => error.code,
    ),
    sleep(4000),
  ])
  return { first, second }
}

const scenes: Record<string, () => Promise<object>> = { pipeline, orphan, silence }
const result = await scenes[what]?.()
await admin.unsafe(`drop table ${table}`)
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0))
