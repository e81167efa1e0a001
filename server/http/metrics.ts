import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { withDeadline } from '../lib/deadline.ts'
import { requestLog } from '../requests/log.ts'
import type { World } from '../world.ts'

/** What Prometheus reads. Names end in their unit; no label ever holds more than a template, a status or a class. */
export type Metrics = {
  contentType: string
  /** Counts one answered request; `seconds` from its head to the end of the reply. */
  answered(method: string, route: string, status: number, seconds: number): void
  text(): Promise<string>
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60]

/** A registry of its own for each world, so that several in one process do not count for one another. */
export function openMetrics(world: World): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Answered requests by route template and status.',
    labelNames: ['method', 'route', 'status'],
    buckets,
    registers: [registry],
  })
  gaugesOf(world, registry)
  return {
    contentType: registry.contentType,
    answered: (method, route, status, seconds) => requests.observe({ method, route, status }, seconds),
    text: () => registry.metrics(),
  }
}

function gaugesOf(world: World, registry: Registry): void {
  const registers = [registry]
  new Gauge({
    name: 'countersign_waiters',
    help: 'Requests that wait for a change right now.',
    registers,
    collect() {
      this.set(world.wake.waiting())
    },
  })
  new Gauge({
    name: 'countersign_listening',
    help: '1 while changes of other nodes are heard.',
    registers,
    collect() {
      this.set(world.wake.isListening() ? 1 : 0)
    },
  })
  new Counter({
    name: 'countersign_rate_limited_total',
    help: 'Requests refused by this process, by rate class.',
    labelNames: ['class'],
    registers,
    collect() {
      this.reset()
      for (const [name, count] of world.limiter.refusals()) this.inc({ class: name }, count)
    },
  })
  new Counter({
    name: 'countersign_request_log_dropped_total',
    help: 'Rows of the access log that this process could not keep.',
    registers,
    collect() {
      this.reset()
      this.inc(requestLog(world).dropped())
    },
  })
  new Gauge({
    name: 'countersign_database_connections',
    help: 'Connections of all nodes to the database, by state; none while it is away.',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset()
      for (const { state, count } of await connections(world)) this.set({ state }, count)
    },
  })
}

/** postgres.js does not tell how full its pool is; the server does. */
async function connections({ db: { sql } }: World): Promise<{ state: string; count: number }[]> {
  const ask = () => sql<{ state: string; count: number }[]>`
    select coalesce(state, 'unknown') as state, count(*)::int as count from pg_stat_activity
    where datname = current_database() and application_name like 'countersign%' group by 1`
  return withDeadline(1000, ask).catch(() => [])
}
