import { randomUUID } from 'node:crypto'
import type { RequestListener } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isMigrated } from '../../drizzle/migrate.ts'
import { refuse } from '../../shared/errors.ts'
import { sameText } from '../lib/crypto.ts'
import { withDeadline } from '../lib/deadline.ts'
import { missingEpochs } from '../secrets/missing.ts'
import type { World } from '../world.ts'
import { type Metrics, openMetrics } from './metrics.ts'
import { probes } from './spans.ts'

/** Longest time (ms) that the database may take to prove that it is there. */
const patience = 2000

/** How long (ms) an answer about keys holds: they come and go by an operator's hand. */
const keysHold = 3000

/** What a node needs before it takes requests; the names stand in the reply of `/readyz`. */
type Lack = 'shutting down' | 'database' | 'migrations' | 'master key' | 'keyring' | 'listen'

type Looks = { migrated(): Promise<boolean>; keys(): Promise<'master key' | 'keyring' | undefined> }

async function lackOf(world: World, { migrated, keys }: Looks): Promise<Lack | undefined> {
  if (world.isLeaving()) return 'shutting down'
  try {
    if (!(await withDeadline(patience, migrated))) return 'migrations'
    const key = await withDeadline(patience, keys)
    if (key) return key
  } catch {
    return 'database'
  }
  return world.wake.isListening() ? undefined : 'listen'
}

/** Whether this node can open what rows name: with its master keys, and with its keyring, which also may be unreadable. */
async function lackingKey({ db, keyring, vault }: World): Promise<'master key' | 'keyring' | undefined> {
  if ((await vault.refresh()).length > 0) return 'master key'
  try {
    return (await missingEpochs(db.sql, keyring.read)).length > 0 ? 'keyring' : undefined
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && 'path' in error) return 'keyring'
    throw error
  }
}

/** The same answer for a while. */
function held<Answer>(ms: number, look: () => Promise<Answer>): () => Promise<Answer> {
  let last: { answer: Answer; at: number } | undefined
  return async () => {
    if (last && performance.now() - last.at < ms) return last.answer
    last = { answer: await look(), at: performance.now() }
    return last.answer
  }
}

/** Many probes are one look at the database, also while that hangs: probes must not take connections from requests. */
function shared<Answer>(look: () => Promise<Answer>): () => Promise<Answer> {
  let running: Promise<Answer> | undefined
  return () => {
    running ??= look().finally(() => {
      running = undefined
    })
    return running
  }
}

const alive = '{"status":"alive"}'
const json = 'application/json; charset=utf-8'

/**
 * `GET /healthz` before any routing, with the headers of every reply: what is asked every second by everybody costs
 * what a bare server would ask for it. All else, also the same path spelt otherwise, goes on.
 */
export function aliveFirst(headers: Record<string, string>, next: RequestListener): RequestListener {
  const fixed = Object.entries({ ...headers, 'content-type': json, 'content-length': String(alive.length) }).flat()
  return (request, response) => {
    if (request.url !== '/healthz' || request.method !== 'GET') return next(request, response)
    response.writeHead(200, [...fixed, 'x-request-id', randomUUID()]).end(alive)
  }
}

/**
 * `/healthz`: the process is alive; asks nobody. `/readyz`: 200 when this node can serve, else 503 with what it lacks.
 * `/metrics`: for Prometheus. Counts every other request by route template and status.
 */
export function registerHealth(app: FastifyInstance, world: World): void {
  const metrics = openMetrics(world)
  const migrated = shared(() => isMigrated(world.db.sql))
  const keys = shared(held(keysHold, () => lackingKey(world)))
  app.get('/healthz', (_request, reply) => {
    reply.header('content-type', json).send(alive)
  })
  app.get('/readyz', async (_request, reply) => {
    const lacks = await lackOf(world, { migrated, keys })
    return lacks ? reply.code(503).header('retry-after', '1').send({ status: 'unready', lacks }) : { status: 'ready' }
  })
  app.get('/metrics', async (request, reply) => {
    if (!maySee(request, world.config.metricsToken)) refuse('NOT_FOUND')
    return reply.header('content-type', metrics.contentType).send(await metrics.text())
  })
  countRequests(app, metrics)
}

function countRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    if (!probes.has(route)) metrics.answered(request.method, route, reply.statusCode, reply.elapsedTime / 1000)
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
