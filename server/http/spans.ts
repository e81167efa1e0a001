import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Span } from '../lib/trace.ts'
import type { World } from '../world.ts'

declare module 'fastify' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only interfaces merge with the library's own.
  interface FastifyRequest {
    /** Null where nobody wants traces, and of probes. */
    span: Span | null
  }
}

/** What watches the service is not what it does. */
export const probes = new Set(['/healthz', '/readyz', '/metrics'])

function opened({ traces }: World, request: FastifyRequest): Span | null {
  const { method, protocol, routeOptions, headers } = request
  const route = routeOptions.url
  if (!traces || (route !== undefined && probes.has(route))) return null
  // The template alone: paths and queries hold links, and links are capabilities.
  const said = { 'http.request.method': method, 'url.scheme': protocol, ...(route ? { 'http.route': route } : {}) }
  const parent = headers.traceparent
  return traces.begin(
    route ? `${method} ${route}` : method,
    'server',
    said,
    typeof parent === 'string' ? parent : undefined,
  )
}

/** Ends a request's span with its reply, or when its client has left before it. */
function ended(span: Span, reply: FastifyReply): void {
  const status = reply.raw.headersSent ? reply.raw.statusCode : undefined
  if (status !== undefined) span.set({ 'http.response.status_code': status })
  span.end(status === undefined ? 'client_left' : status >= 500 ? String(status) : undefined)
}

/** Gives each request a span of its own, by OpenTelemetry's conventions for HTTP servers, where traces are wanted. */
export function traceRequests(app: FastifyInstance, world: World): void {
  if (!world.traces) return
  app.decorateRequest('span', null)
  app.addHook('onRequest', (request, reply, done) => {
    const span = opened(world, request)
    if (!span) return done()
    request.span = span
    reply.raw.on('close', () => ended(span, reply))
    span.within(done)
  })
  // A body is read by the connection's events, which know nothing of the request's span.
  app.addHook('preHandler', (request, _reply, done) => (request.span ? request.span.within(done) : done()))
}
