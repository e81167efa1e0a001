import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Endpoint } from '../../shared/contract/endpoint.ts'
import { contract } from '../../shared/contract/index.ts'
import { errors } from '../../shared/errors.ts'
import { plainAddress } from '../lib/network.ts'
import type { DoorCtx } from '../rpc/admit.ts'
import { refusalOf, requestOfError } from '../rpc/fault.ts'
import { type AppRouter, router } from '../rpc/router.ts'
import type { World } from '../world.ts'
import { credentialsInHeaders, identify } from './credentials.ts'
import { logFault, rateHeaders, refusalHeaders } from './replies.ts'
import { personOf } from './sessions.ts'
import { mustBeOwnPage, newVisit, visitCookie, visitIn } from './visits.ts'

const entries = new Map<string, Endpoint>(
  Object.entries(contract).flatMap(([feature, group]) =>
    Object.entries<Endpoint>(group).map(([verb, entry]): [string, Endpoint] => [`${feature}.${verb}`, entry]),
  ),
)

/** Which project a signed-in person means: a header that only our own pages can send. */
function projectOf({ headers }: FastifyRequest): string | undefined {
  const named = headers['x-countersign-project']
  return typeof named === 'string' && /^[0-9A-Z]{26}$/.test(named) ? named : undefined
}

type TrpcCtx = DoorCtx & { freshVisit: boolean }

/** The dashboard's and the pages' door: the same procedures, in batches of at most ten so that limits count calls. */
export function registerTrpc(app: FastifyInstance, world: World): void {
  const cookie = visitCookie(world.config.publicUrl)

  const createContext = ({ req, res }: { req: FastifyRequest; res: FastifyReply }): TrpcCtx => {
    const credentials = credentialsInHeaders(req.raw)
    // A credential of its own is no ambient authority: only requests without one could be another site's.
    if (req.method !== 'GET' && !credentials.some((one) => one.transport === 'header'))
      mustBeOwnPage(req.raw, world.config.publicUrl)
    const known = visitIn(req.raw, cookie.name)
    const ip = plainAddress(req.ip)
    const left = new AbortController()
    res.raw.once('close', () => res.raw.writableEnded || left.abort())
    return {
      world,
      identify: () => identify(world, credentials, ip),
      ...personOf(world, req.raw),
      project: projectOf(req),
      requestId: req.id,
      ip,
      userAgent: req.headers['user-agent']?.slice(0, 500) ?? null,
      signal: left.signal,
      visit: known ?? (req.method === 'GET' ? newVisit() : undefined),
      freshVisit: known === undefined,
      idempotency: undefined,
      notes: {},
    }
  }

  const options: FastifyTRPCPluginOptions<AppRouter> = {
    prefix: '/trpc',
    trpcOptions: {
      router,
      maxBatchSize: 10,
      createContext,
      onError({ error, path, req }) {
        const refusal = refusalOf(error)
        requestOfError.set(error, req.id)
        if (errors[refusal.code].status >= 500) logFault(world, req.id, path, refusal)
      },
      responseMeta({ ctx, paths, errors: thrown, type }) {
        // tRPC names no type when the request failed before it had a context.
        const headers: Record<string, string> = ctx ? {} : { 'content-type': 'application/json' }
        const first = thrown[0] ? refusalOf(thrown[0]) : undefined
        if (ctx?.notes.rate) Object.assign(headers, rateHeaders(ctx.notes.rate))
        if (first) Object.assign(headers, refusalHeaders(first))
        // `ctx` is what createContext made; the adapter's types know it as the router's context only.
        const { freshVisit, visit } = (ctx ?? {}) as Partial<TrpcCtx>
        const cookies = ctx?.notes.cookies ?? []
        const visits = type === 'query' && paths?.some((path) => entries.get(path)?.visit)
        if (visits && freshVisit && visit) cookies.push(cookie.serialize(visit))
        return {
          headers: new Headers([
            ...Object.entries(headers),
            ...cookies.map((line): [string, string] => ['set-cookie', line]),
          ]),
          ...(first && thrown.length === (paths?.length ?? 1) ? { status: errors[first.code].status } : {}),
        }
      },
    },
  }
  app.register(fastifyTRPCPlugin, options)
}
