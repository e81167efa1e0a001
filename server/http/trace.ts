import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorCode } from '../../shared/errors.ts'
import { type KnownKey, keyOfText, loggingOf } from '../keys/known.ts'
import { plainAddress } from '../lib/network.ts'
import { requestLog } from '../requests/log.ts'
import { bodyText, redacted } from '../requests/redact.ts'
import type { LoggedRequest } from '../requests/row.ts'
import type { World } from '../world.ts'
import { type Credential, credentialsInHeaders, theCredential } from './credentials.ts'
import type { Operation } from './operations.ts'

/** What the access log will want to know of a request, gathered while it is answered. */
export type Trace = {
  operation?: Operation
  credentials?: Credential[]
  /** Whether anybody asked whose key it is. */
  identified?: true
  key?: KnownKey
  /** The key was let in. */
  isUse?: true
  /** Fields of the body, without credentials; nothing of address and query. */
  fields?: Record<string, unknown>
  answer?: unknown
  /** Bytes that its connection had carried before; only of an answer that is sent as it is made. */
  sentBefore?: number
  code?: ErrorCode
  issues?: readonly { path: string }[] | undefined
}

declare module 'fastify' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only interfaces merge with the library's own.
  interface FastifyRequest {
    /** Null outside the routes that are logged. */
    trace: Trace | null
  }
}

const bytesIn = ({ body, headers }: FastifyRequest) =>
  Buffer.isBuffer(body) ? body.length : Number(headers['content-length']) || 0

/** Of the body; of a stream what the connection carried, headers included. */
function bytesOut({ sentBefore }: Trace, request: FastifyRequest, reply: FastifyReply): number {
  if (sentBefore !== undefined) return request.raw.socket.bytesWritten - sentBefore
  return request.method === 'HEAD' ? 0 : Number(reply.getHeader('content-length')) || 0
}

/** `/v1/key/{key_path}`: the template below the prefix that came. */
function routeOf({ operation }: Trace, request: FastifyRequest): string {
  const prefix = request.url.startsWith('/api/') ? '/api/v1' : '/v1'
  if (operation) return prefix + operation.entry.path
  return (request.routeOptions.url ?? '').replace('*', '{key_path}').replaceAll(/:(\w+)/g, '{$1}')
}

/** A body that was sent, as the log keeps it: its schema's fields without secrets, or how many bytes it had. */
function requestBody({ operation, fields }: Trace, bytes: number): string | null {
  if (bytes === 0) return null
  if (!operation || !fields || operation.entry.rawBody !== undefined) return `[${bytes} bytes]`
  return bodyText(redacted(operation.entry.input, fields))
}

/** What was answered, likewise. Of a refusal its code and the fields it named, since its sentence may repeat what was sent. */
function responseBody({ operation, answer, code, issues = [] }: Trace): string | null {
  if (code !== undefined) {
    const known = issues.map(({ path }) => path.split('.')[0] ?? '').filter((name) => isField(operation, name))
    return bodyText({ code, ...(known.length > 0 ? { fields: [...new Set(known)] } : {}) })
  }
  if (!operation || answer === undefined) return null
  return operation.entry.streams ? '[stream]' : bodyText(redacted(operation.entry.output, answer))
}

const isField = (operation: Operation | undefined, name: string) =>
  operation !== undefined && Object.hasOwn(operation.entry.input.shape, name)

/** The row of a request; none for the demo's keys, which nobody has a log of. */
function rowOf(world: World, request: FastifyRequest, reply: FastifyReply, trace: Trace, key: KnownKey) {
  if (key.row.throwaway) return undefined
  const [ms, received] = [reply.elapsedTime, bytesIn(request)]
  const logging = loggingOf(key)
  const row: LoggedRequest = {
    id: request.id,
    projectId: key.row.live_project_id,
    keyId: key.actor.id,
    isUse: trace.isUse === true,
    at: new Date(world.clock.now().getTime() - ms),
    method: request.method,
    route: routeOf(trace, request),
    // 499, as proxies write it: the client left before its answer.
    status: reply.raw.headersSent ? reply.statusCode : 499,
    code: trace.code ?? null,
    ip: plainAddress(request.ip),
    userAgent: request.headers['user-agent']?.slice(0, 500) ?? null,
    ms: Math.round(ms),
    bytesIn: received,
    bytesOut: bytesOut(trace, request, reply),
    requestBody: logging === 'request' || logging === 'both' ? requestBody(trace, received) : null,
    responseBody: logging === 'response' || logging === 'both' ? responseBody(trace) : null,
  }
  return row
}

/** Has a row written for each request of these routes whose key can be told; after its reply, and off its way. */
export function logRequests(app: FastifyInstance, world: World): void {
  const log = requestLog(world)
  app.decorateRequest('trace', null)
  app.addHook('onRequest', (request, reply, done) => {
    const trace: Trace = {}
    request.trace = trace
    // Not the library's hook: that is not called for a client that left before its answer. And not `once`, though it comes
    // once: a listener that is taken away leaves every reply to the slow collection (a fifth of all survived; 4 % now).
    reply.raw.on('close', () => {
      const { key } = trace
      if (key) log.note(() => rowOf(world, request, reply, trace, key))
      else if (!trace.identified && trace.operation?.entry.access !== 'public')
        log.noteLater(() => lookedUp(world, request, reply, trace))
    })
    done()
  })
}

/** The row of a request that was refused before anybody asked whose key it brought. */
async function lookedUp(world: World, request: FastifyRequest, reply: FastifyReply, trace: Trace) {
  const credential = theCredential(trace.credentials ?? credentialsInHeaders(request.raw))
  const key = credential && (await keyOfText(world, credential.text))
  return key && rowOf(world, request, reply, trace, key)
}
