import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { version } from '../../package.json'
import type { World } from '../world.ts'
import { databaseMetrics } from './metrics-database.ts'
import { processMetrics } from './metrics-process.ts'

/** What Prometheus reads. No label ever holds more than a template, a status or a word of a fixed list. */
export type Metrics = {
  contentType: string
  /** Counts one answered request; `seconds` from its head to the end of the reply. */
  answered(method: string, route: string, status: number, seconds: number): void
  text(): Promise<string>
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60]

/** The library's gauges whose names end as a counter's do; the same numbers stand in others without the suffix. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/** A registry of its own for each world, so that several in one process do not count for one another. */
export function openMetrics(world: World): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Answered requests by route template and status; operations of the dashboard have one route.',
    labelNames: ['method', 'route', 'status'],
    buckets,
    registers,
  })
  new Gauge({
    name: 'countersign_build_info',
    help: '1, and which release this is on which Node.',
    labelNames: ['version', 'node_version'],
    registers,
  }).set({ version, node_version: process.version }, 1)
  processMetrics(world, registry)
  const look = databaseMetrics(world, registry)
  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
  return {
    contentType: registry.contentType,
    answered: (method, route, status, seconds) => requests.observe({ method, route, status }, seconds),
    async text() {
      await look()
      return registry.metrics()
    },
  }
}
