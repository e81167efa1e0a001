import { TRPCError } from '@trpc/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Endpoint } from '../../shared/contract/endpoint.ts'
import { contract } from '../../shared/contract/index.ts'
import { errors, Refusal } from '../../shared/errors.ts'
import { plainAddress } from '../lib/network.ts'
import { guestProject } from '../projects/project.ts'
import type { DoorCtx } from '../rpc/admit.ts'
import { refusalOf, trpcShape } from '../rpc/fault.ts'
import { pipelineOf } from '../rpc/router.ts'
import type { World } from '../world.ts'
import { cameBy } from './came.ts'
import { credentialsInHeaders, identify } from './credentials.ts'
import { logFault, rateHeaders, refusalHeaders } from './replies.ts'
import { personOf } from './sessions.ts'
import { mustBeOwnPage, newVisit, visitCookie, visitIn } from './visits.ts'

const entries = new Map<string, Endpoint>(
  Object.entries(contract).flatMap(([feature, group]) =>
    Object.entries<Endpoint>(group).map(([verb, entry]): [string, Endpoint] => [`${feature}.${verb}`, entry]),
  ),
)

/** Calls in one request: limits count calls, so a batch must not multiply guesses. */
const mostCalls = 10

type Call = { path: string; input: unknown }

/** What one call came to; `status` is what it would be alone. */
type Outcome = { body: object; status: number; refusal?: Refusal; notes: DoorCtx['notes'] }

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('MALFORMED_BODY')
  }
}

/** The calls of a request as tRPC's links write them: `?input=` or the body, by number when it is a batch. */
function callsOf(request: FastifyRequest<Params>): { calls: Call[]; batch: boolean } {
  const { query, params, headers } = request
  const batch = query.batch === '1'
  const paths = batch ? params['*'].split(',') : [params['*']]
  if (paths.length > mostCalls)
    throw new Refusal('MALFORMED_BODY', { sentence: `A batch takes at most ${mostCalls} calls.` })
  const unsafe = request.method === 'POST'
  const body = unsafe && Buffer.isBuffer(request.body) ? request.body.toString() : ''
  if (body !== '' && !/^application\/json\b/i.test(headers['content-type'] ?? ''))
    throw new Refusal('UNSUPPORTED_MEDIA_TYPE')
  const text = unsafe ? body : (query.input ?? '')
  const input = text === '' ? undefined : parsed(text)
  if (!batch) return { batch, calls: paths.map((path) => ({ path, input })) }
  const inputs = new Map(typeof input === 'object' && input !== null ? Object.entries(input) : [])
  return { batch, calls: paths.map((path, i) => ({ path, input: inputs.get(String(i)) })) }
}

type Params = { Params: { '*': string }; Querystring: { batch?: string; input?: string } }

/** Which project a signed-in person means: a header that only our own pages can send. */
function projectOf({ headers }: FastifyRequest): string | undefined {
  const named = headers['x-countersign-project']
  return typeof named === 'string' && /^[0-9A-Z]{26}$/.test(named) ? named : undefined
}

/**
 * The dashboard's and the pages' door: tRPC's protocol over the same pipelines, in batches of at most ten. The library's own
 * adapter answered a quarter as many requests as REST did, since it goes through fetch's Request and Response streams.
 */
export function registerTrpc(app: FastifyInstance, world: World): void {
  const cookie = visitCookie(world.config.publicUrl)

  const openDoor = (request: FastifyRequest, reply: FastifyReply) => {
    const credentials = credentialsInHeaders(request.raw)
    // A credential of its own is no ambient authority: only requests without one could be another site's.
    if (request.method !== 'GET' && !credentials.some((one) => one.transport === 'header'))
      mustBeOwnPage(request.raw, world.config.publicUrl)
    const known = visitIn(request.raw, cookie.name)
    const left = new AbortController()
    reply.raw.once('close', () => reply.raw.writableEnded || left.abort())
    const ip = plainAddress(request.ip)
    const door: Omit<DoorCtx, 'notes'> = {
      world,
      identify: () => identify(world, credentials, ip),
      ...personOf(world, request.raw),
      project: projectOf(request),
      guestProject: () => guestProject(world.db.sql),
      requestId: request.id,
      ip,
      came: cameBy(request),
      userAgent: request.headers['user-agent']?.slice(0, 500) ?? null,
      signal: left.signal,
      visit: known ?? (request.method === 'GET' ? newVisit() : undefined),
      idempotency: undefined,
    }
    return { door, isNewVisit: known === undefined }
  }

  const refused = (thrown: unknown, requestId: string, path: string | undefined, notes: DoorCtx['notes']): Outcome => {
    const refusal = refusalOf(thrown)
    const { status } = errors[refusal.code]
    if (status >= 500) logFault(world, requestId, path, refusal)
    return { body: { error: trpcShape(refusal, requestId) }, status, refusal, notes }
  }

  const answer = async (call: Call, method: string, door: Omit<DoorCtx, 'notes'>): Promise<Outcome> => {
    const notes: DoorCtx['notes'] = {}
    try {
      const entry = entries.get(call.path)
      if (!entry || entry.streams || entry.bytes) throw new Refusal('NOT_FOUND')
      if ((entry.method === 'GET') !== (method === 'GET')) throw new TRPCError({ code: 'METHOD_NOT_SUPPORTED' })
      const data = await pipelineOf(call.path)({ ...door, notes }, call.input)
      return { body: { result: data === undefined ? {} : { data } }, status: 200, notes }
    } catch (thrown) {
      return refused(thrown, door.requestId, call.path, notes)
    }
  }

  const send = (reply: FastifyReply, outcomes: readonly Outcome[], batch: boolean) => {
    for (const { notes, refusal } of outcomes) {
      if (notes.rate) reply.headers(rateHeaders(notes.rate))
      if (refusal) reply.headers(refusalHeaders(refusal))
      for (const line of notes.cookies ?? []) reply.header('set-cookie', line)
    }
    const statuses = new Set(outcomes.map(({ status }) => status))
    const [only = 200] = statuses
    return reply
      .code(statuses.size === 1 ? only : 207)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(batch ? outcomes.map(({ body }) => body) : outcomes[0]?.body))
  }

  app.route<Params>({
    method: ['GET', 'POST'],
    url: '/trpc/*',
    async handler(request, reply) {
      try {
        const { calls, batch } = callsOf(request)
        const { door, isNewVisit } = openDoor(request, reply)
        const visits = request.method === 'GET' && calls.some(({ path }) => entries.get(path)?.visit)
        if (visits && isNewVisit && door.visit) reply.header('set-cookie', cookie.serialize(door.visit))
        const outcomes = await Promise.all(calls.map((call) => answer(call, request.method, door)))
        return send(reply, outcomes, batch)
      } catch (thrown) {
        return send(reply, [refused(thrown, request.id, undefined, {})], false)
      }
    },
  })
}
