import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { type FastifyError, type FastifyInstance, fastify } from 'fastify'
import { type ErrorCode, Refusal } from '../../shared/errors.ts'
import { isOffered } from '../demo/demo.ts'
import { packageRoot } from '../lib/root.ts'
import { guestProject } from '../projects/project.ts'
import { refusalOf } from '../rpc/fault.ts'
import { isSetupOpen } from '../setup/owner.ts'
import type { World } from '../world.ts'
import { registerAuth } from './auth.ts'
import { answerBroken } from './broken.ts'
import { registerDocs } from './docs.ts'
import { aliveFirst, registerHealth } from './health.ts'
import { registerJwks } from './jwks.ts'
import { registerMcp } from './mcp.ts'
import { registerPages } from './pages.ts'
import { registerPlain } from './plain.ts'
import { sendRefusal } from './replies.ts'
import { registerRest } from './rest.ts'
import { traceRequests } from './spans.ts'
import { registerTrpc } from './trpc.ts'

const bodyBytes = 64 * 1024

/** Milliseconds; looked at once a second. An idle connection outlives those of the usual load balancers. */
const patience = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 72_000,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 16 * 1024,
}

/** On every reply, errors included; a page sets a policy of its own instead of the first. */
const headers = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
}

const ofHttps = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }

/** Faults that the HTTP server finds before a route does. */
const codeOf: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  // QUERY is the one method that the HTTP server itself wants a type for.
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'MALFORMED_BODY',
  FST_ERR_BAD_URL: 'INVALID_INPUT',
  FST_ERR_MAX_PARAM_LENGTH: 'INVALID_INPUT',
}

const isFastify = (error: unknown): error is FastifyError =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('FST_')

function asRefusal(error: unknown): Refusal {
  const code = isFastify(error) ? codeOf[error.code] : undefined
  return code ? new Refusal(code, { cause: error }) : refusalOf(error)
}

/** Builds the HTTP server with both doors; nothing listens yet. Slow clients are cut: headers in 10 s, all in 15 s. */
export function buildServer(world: World): FastifyInstance {
  const { trustedProxies, publicUrl } = world.config
  const always = publicUrl.startsWith('https:') ? { ...headers, ...ofHttps } : headers
  const app = fastify({
    bodyLimit: bodyBytes,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    serverFactory: (dispatch) => createServer(patience, aliveFirst(always, dispatch)),
    routerOptions: { maxParamLength: 600 },
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerBroken(always),
    // Before any hook has run.
    frameworkErrors: (error, request, reply) =>
      sendRefusal(world, request, reply.headers(always).header('x-request-id', request.id), asRefusal(error)),
  })
  traceRequests(app, world)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(always).header('x-request-id', request.id)
    // A proxy that kept it could send the next request just when it is closed.
    if (world.isLeaving()) reply.header('connection', 'close')
    done()
  })
  app.setErrorHandler((error, request, reply) => sendRefusal(world, request, reply, asRefusal(error)))
  app.setNotFoundHandler((request, reply) => sendRefusal(world, request, reply, new Refusal('NOT_FOUND')))
  registerHealth(app, world)
  registerDocs(app, world)
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    registerRest(scope, world)
    registerTrpc(scope, world)
    registerMcp(scope, world)
    registerJwks(scope, world)
    registerAuth(scope, world)
  })
  app.register(async (scope) => registerPlain(scope, world))
  registerPages(app, {
    publicUrl,
    distDir: join(packageRoot, 'dist', 'web'),
    dashboardDir: join(packageRoot, 'dist', 'dashboard'),
    demo: () => isOffered(world),
    setUp: async () => !(await isSetupOpen(world.db.sql)),
    guests: async () => (await guestProject(world.db.sql)) !== undefined,
  })
  return app
}
