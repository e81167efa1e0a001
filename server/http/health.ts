import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isMigrated } from '../../drizzle/migrate.ts'
import { refuse } from '../../shared/errors.ts'
import { sameText } from '../lib/crypto.ts'
import { withDeadline } from '../lib/deadline.ts'
import type { World } from '../world.ts'
import { type Metrics, openMetrics } from './metrics.ts'

/** Longest time (ms) that the database may take to prove that it is there. */
const patience = 2000

/** What a node needs before it takes requests; the names stand in the reply of `/readyz`. */
type Lack = 'shutting down' | 'database' | 'migrations' | 'listen'

async function lackOf(world: World): Promise<Lack | undefined> {
  if (world.isClosing()) return 'shutting down'
  try {
    if (!(await withDeadline(patience, () => isMigrated(world.db.sql)))) return 'migrations'
  } catch {
    return 'database'
  }
  return world.wake.isListening() ? undefined : 'listen'
}

/** Many probes at once are one look at the database. */
function shared<Answer>(look: () => Promise<Answer>): () => Promise<Answer> {
  let running: Promise<Answer> | undefined
  return () => {
    running ??= look().finally(() => {
      running = undefined
    })
    return running
  }
}

/**
 * `/healthz`: the process is alive; asks nobody. `/readyz`: 200 when this node can serve, else 503 with what it lacks.
 * `/metrics`: for Prometheus. Counts every other request by route template and status.
 */
export function registerHealth(app: FastifyInstance, world: World): void {
  const metrics = openMetrics(world)
  const lack = shared(() => lackOf(world))
  app.get('/healthz', (_request, reply) => {
    reply.header('content-type', 'application/json; charset=utf-8').send('{"status":"alive"}')
  })
  app.get('/readyz', async (_request, reply) => {
    const lacks = await lack()
    return lacks ? reply.code(503).header('retry-after', '1').send({ status: 'unready', lacks }) : { status: 'ready' }
  })
  app.get('/metrics', async (request, reply) => {
    if (!maySee(request, world.config.metricsToken)) refuse('NOT_FOUND')
    return reply.header('content-type', metrics.contentType).send(await metrics.text())
  })
  countRequests(app, metrics)
}

const own = new Set(['/healthz', '/readyz', '/metrics'])

function countRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    if (!own.has(route)) metrics.answered(request.method, route, reply.statusCode, reply.elapsedTime / 1000)
    done()
  })
}

const forwarding = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via']

/** With a token, who has it; without one, only what comes straight from this machine, past no proxy. */
function maySee({ headers, socket }: FastifyRequest, token: string | undefined): boolean {
  if (token !== undefined) return sameText(headers.authorization ?? '', `Bearer ${token}`)
  const local = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(socket.remoteAddress ?? '')
  return local && forwarding.every((name) => headers[name] === undefined)
}
