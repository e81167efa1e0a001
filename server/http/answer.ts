import { callTRPCProcedure } from '@trpc/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Endpoint } from '../../shared/contract/endpoint.ts'
import { refuse } from '../../shared/errors.ts'
import { canonical } from '../lib/canonical.ts'
import { plainAddress } from '../lib/network.ts'
import type { DoorCtx } from '../rpc/admit.ts'
import { refusalOf } from '../rpc/fault.ts'
import { router } from '../rpc/router.ts'
import type { StoredValue } from '../values/value.ts'
import type { World } from '../world.ts'
import { fieldsOf, readBody } from './body.ts'
import { type Credential, credentialsInHeaders, identify, takeCredential, theCredential } from './credentials.ts'
import type { Operation } from './operations.ts'
import { rateHeaders, sendRefusal } from './replies.ts'
import { sendValue } from './represent.ts'
import { mustBeOwnPage, newVisit, visitCookie, visitIn } from './visits.ts'

const never = new AbortController().signal

/** Aborted when the client leaves before its answer; only for operations that can wait. */
function leaving(operation: Operation, reply: FastifyReply): AbortSignal {
  if (!operation.waits) return never
  const left = new AbortController()
  reply.raw.once('close', () => reply.raw.writableEnded || left.abort())
  return left.signal
}

/** Everything that fills the input, each from one place only: query, body, path, headers. */
async function inputOf(
  operation: Operation,
  request: FastifyRequest,
  params: Record<string, string>,
  credentials: Credential[],
): Promise<Record<string, unknown>> {
  const { entry, coerce } = operation
  const mark = request.url.indexOf('?')
  const query: Map<string, unknown> = mark < 0 ? new Map() : fieldsOf(new URLSearchParams(request.url.slice(mark + 1)))
  credentials.push(...takeCredential(query, 'key', 'query'))
  const body = await readBody(entry, request.body as Buffer | undefined, request.headers['content-type']) // our parser gives a Buffer
  credentials.push(...body.credentials)
  const headers = Object.entries(entry.headers ?? {}).flatMap(([header, field]): [string, unknown][] => {
    const value = request.headers[header]
    return value === undefined ? [] : [[field, value]]
  })
  for (const [, field] of headers) if (query.has(String(field))) query.delete(String(field))
  return Object.fromEntries(fieldsOf([...coerce(query), ...coerce(body.fields), ...Object.entries(params), ...headers]))
}

/** `Idempotency-Key` with what its reply is recognised by and sealed under; only where the entry takes one. */
function claimOf(entry: Endpoint, request: FastifyRequest, credentials: Credential[], input: unknown) {
  const key = request.headers['idempotency-key']
  const credential = theCredential(credentials)
  if (!entry.idempotent || key === undefined || !credential) return undefined
  if (typeof key !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(key))
    refuse('INVALID_INPUT', {
      issues: [{ path: 'Idempotency-Key', message: 'Takes 1 to 255 printable ASCII characters.' }],
    })
  return { key, credential: credential.text, body: canonical(input) }
}

/** Answers one request: what HTTP says goes in, the procedure does it, the flags of the entry say how it comes out. */
export function answering(world: World) {
  const cookie = visitCookie(world.config.publicUrl)
  return async (operation: Operation, request: FastifyRequest, reply: FastifyReply, params: Record<string, string>) => {
    const { entry, name } = operation
    const notes: DoorCtx['notes'] = {}
    try {
      const unsafe = entry.method !== 'GET'
      const credentials = credentialsInHeaders(request.headers)
      if (unsafe && (entry.visit || credentials.some((one) => one.transport === 'basic' && request.headers.origin)))
        mustBeOwnPage(request.raw, world.config.publicUrl)
      const input = await inputOf(operation, request, params, credentials)
      const known = entry.visit ? visitIn(request.raw, cookie.name) : undefined
      const visit = known ?? (entry.visit && !unsafe ? newVisit() : undefined)
      const signal = leaving(operation, reply)
      const ctx: DoorCtx = {
        world,
        identify: () => identify(world, credentials),
        requestId: request.id,
        ip: plainAddress(request.ip),
        userAgent: request.headers['user-agent']?.slice(0, 500) ?? null,
        signal,
        visit,
        idempotency: claimOf(entry, request, credentials, input),
        notes,
      }
      const answer = await callTRPCProcedure({
        router,
        path: name,
        getRawInput: async () => input,
        ctx,
        type: unsafe ? 'mutation' : 'query',
        signal,
        batchIndex: 0,
      })
      if (notes.rate) reply.headers(rateHeaders(notes.rate))
      if (notes.replayed) reply.header('idempotency-replayed', 'true')
      if (visit !== undefined && visit !== known) reply.header('set-cookie', cookie.serialize(visit))
      if (entry.represents === 'value')
        return sendValue(reply, request, input.view, answer as StoredValue & { created?: boolean }) // what such an entry answers
      if (entry.status === 204) return reply.code(204).send()
      return reply.code(entry.status).type('application/json; charset=utf-8').send(JSON.stringify(answer))
    } catch (thrown) {
      if (notes.rate) reply.headers(rateHeaders(notes.rate))
      return sendRefusal(world, request, reply, refusalOf(thrown))
    }
  }
}
