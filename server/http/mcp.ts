import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal, refuse } from '../../shared/errors.ts'
import { holds } from '../../shared/scopes.ts'
import type { KeyActor } from '../context.ts'
import { plainAddress } from '../lib/network.ts'
import type { Door } from '../mcp/server.ts'
import { admitKey, type DoorCtx } from '../rpc/admit.ts'
import { refusalOf } from '../rpc/fault.ts'
import type { World } from '../world.ts'
import { type Credential, credentialsInHeaders, identify, theCredential } from './credentials.ts'
import { calling, faultOf } from './mcp-call.ts'
import { knownSession, newSession, type Said, saidIn } from './mcp-message.ts'
import { logFault, rateHeaders, sendRefusal } from './replies.ts'

const others = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const

/**
 * Pages of other sites never get here, also not by a name that was made to lead to this host (DNS rebinding): then a
 * browser calls the request one of its own site, and its Origin is still another.
 */
function mustNotBeAnotherSite({ headers }: FastifyRequest, publicUrl: string): void {
  if (headers.origin !== undefined && headers.origin !== publicUrl) refuse('CSRF_FAILED')
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') refuse('CSRF_FAILED')
}

/** What is known of the request before anybody asked who it is; the same as REST has. */
function doorOf(world: World, request: FastifyRequest, credentials: Credential[]): DoorCtx {
  const ip = plainAddress(request.ip)
  return {
    world,
    identify: () => identify(world, credentials, ip, request.trace ?? {}),
    requestId: request.id,
    ip,
    userAgent: request.headers['user-agent']?.slice(0, 500) ?? null,
    signal: new AbortController().signal,
    visit: undefined,
    keyText: theCredential(credentials)?.text,
    idempotency: undefined,
    notes: {},
  }
}

/** Whoever brings a key; calls of tools are counted by what they call, everything else here. */
async function admitted(door: DoorCtx, said: Said): Promise<KeyActor> {
  if (said.tool === undefined) return admitKey(door)
  const actor = await door.identify()
  return actor.type === 'key' ? actor : refuse('MISSING_API_KEY')
}

/** Has the library answer one message with a server that lives as long as the request. */
async function answered(request: FastifyRequest, reply: FastifyReply, door: Door, said: Said) {
  // Loaded with the first request: a server that nobody asks this way starts without.
  const [{ mcpServer }, { WebStandardStreamableHTTPServerTransport: Transport }] = await Promise.all([
    import('../mcp/server.ts'),
    import('@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'),
  ])
  const server = mcpServer(door)
  const transport = new Transport({ enableJsonResponse: !said.streams })
  // Nobody listens any more: whoever waits for a person stops.
  const gone = new Promise<undefined>((resolve) =>
    reply.raw.once('close', () => {
      void server.close()
      resolve(undefined)
    }),
  )
  await server.connect(transport)
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    ['accept', 'content-type', 'mcp-protocol-version'].includes(name) ? [[name, String(value)]] : [],
  )
  // The library reads these headers and the message, and of the address nothing.
  const asked = new Request('http://mcp.invalid/', { method: 'POST', headers })
  return Promise.race([transport.handleRequest(asked, { parsedBody: said.message }), gone])
}

/**
 * MCP over streamable HTTP, without state: each POST is answered by itself, by any node. In JSON; as a stream when the
 * client asks for progress of a call that may wait, or can be shown an address while it does.
 */
export function registerMcp(app: FastifyInstance, world: World): void {
  const { publicUrl } = world.config

  app.route({
    method: [...others],
    url: '/mcp',
    handler: (request, reply) =>
      sendRefusal(world, request, reply.header('allow', 'POST'), new Refusal('METHOD_NOT_ALLOWED')),
  })

  app.post('/mcp', async (request, reply) => {
    const credentials = credentialsInHeaders(request.raw)
    const ctx = doorOf(world, request, credentials)
    try {
      if (request.trace) request.trace.credentials = credentials
      mustNotBeAnotherSite(request, publicUrl)
      const session = knownSession(request.headers['mcp-session-id'])
      // Our parser gives a Buffer.
      const said = saidIn(request.body as Buffer | undefined, request.headers['content-type'], session)
      const actor = await admitted(ctx, said)
      const response = await answered(
        request,
        reply,
        {
          call: calling(ctx, request.trace ?? {}),
          url: publicUrl,
          offers: async (tool) => tool.isFor((scope) => holds(actor.scopes, scope)),
          shows: session === 'shows',
          async count() {
            await admitKey(ctx).catch((thrown) => {
              throw faultOf(refusalOf(thrown))
            })
          },
          failed: (fault) => logFault(world, request.id, '/mcp', new Refusal('INTERNAL', { cause: fault })),
        },
        said,
      )
      if (!response) return reply
      if (ctx.notes.rate) reply.headers(rateHeaders(ctx.notes.rate))
      if (said.showsAddresses) reply.header('mcp-session-id', newSession())
      reply.code(response.status)
      const type = response.headers.get('content-type')
      if (type === null || response.body === null) return reply.send()
      // Proxies must pass each piece on at once.
      if (said.streams) reply.header('x-accel-buffering', 'no')
      return reply.type(type).send(Readable.fromWeb(response.body as import('node:stream/web').ReadableStream)) // the same stream, by Node's name
    } catch (thrown) {
      if (ctx.notes.rate) reply.headers(rateHeaders(ctx.notes.rate))
      return sendRefusal(world, request, reply, refusalOf(thrown))
    }
  })
}
