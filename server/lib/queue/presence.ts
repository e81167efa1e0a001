import { type Address, connect, type Sql } from '../driver/connect.ts'

/** Milliseconds between two looks for jobs whose worker is gone. */
const everyMs = 5000

/** A worker is alive while a connection has this name and its id. */
const nameOf = (worker: string) => `countersign queue ${worker}`

/** A node that vanished without a word (power, network) is off the list after about 35 s. */
const keepalive = { tcp_keepalives_idle: '20', tcp_keepalives_interval: '5', tcp_keepalives_count: '3' }

/** Workers that hold jobs and have no connection. */
async function absent(sql: Sql): Promise<string[]> {
  const rows = await sql<{ worker: string }[]>`
    select distinct locked_by as worker from graphile_worker.jobs where locked_by is not null and not exists (
      select from pg_stat_activity
      where datname = current_database() and application_name = ${nameOf('')} || locked_by)`
  return rows.map(({ worker }) => worker)
}

/** Frees the jobs of who was absent long enough: one look can fall into a reconnect. @returns since when each is absent */
async function freeJobs(sql: Sql, since: ReadonlyMap<string, number>): Promise<Map<string, number>> {
  const away = await absent(sql)
  const now = performance.now()
  const dead = away.filter((worker) => now - (since.get(worker) ?? now) >= everyMs * 0.9)
  if (dead.length > 0) await sql`select graphile_worker.force_unlock_workers(${sql.array(dead)}::text[])`
  return new Map(away.map((worker) => [worker, since.get(worker) ?? now]))
}

/**
 * Shows the other nodes that a worker is alive, by a connection that bears its name, and frees the jobs of those that are
 * not: the library itself would wait four hours. What they were at is done again.
 */
export function keepPresence(address: Address, worker: string, role: string | undefined): { close(): Promise<void> } {
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let since: ReadonlyMap<string, number> = new Map()
  let running = Promise.resolve()
  const soon = (ms: number) => {
    clearTimeout(timer)
    if (!closed) timer = setTimeout(look, ms)
  }
  const session = { ...keepalive, ...(role === undefined ? {} : { role }) }
  const sql = connect(address, { max: 1, name: nameOf(worker), silence: 10, session, onclose: () => soon(200) })
  const round = async () => {
    try {
      since = await freeJobs(sql, since)
      soon(everyMs)
    } catch {
      // Who cannot see misses nobody.
      since = new Map()
      soon(1000)
    }
  }
  const look = () => {
    running = round()
  }
  look()
  return {
    async close() {
      closed = true
      clearTimeout(timer)
      await sql.end({ timeout: 1 })
      await running
    },
  }
}
