import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Endpoint } from '../../shared/contract/endpoint.ts'
import { refuse } from '../../shared/errors.ts'
import { plainAddress } from '../lib/network.ts'
import { guestProject } from '../projects/project.ts'
import { type DoorCtx, identified } from '../rpc/admit.ts'
import { refusalOf } from '../rpc/fault.ts'
import type { StoredValue } from '../values/value.ts'
import type { World } from '../world.ts'
import { fieldsOf, pairsOf, readBody } from './body.ts'
import { bytesOf } from './bytes.ts'
import { type Credential, credentialsInHeaders, identify, takeCredential, theCredential } from './credentials.ts'
import type { Operation } from './operations.ts'
import { rateHeaders, sendRefusal } from './replies.ts'
import { sendValue } from './represent.ts'
import { personOf } from './sessions.ts'
import { type Streamed, sendStream } from './stream.ts'
import type { Trace } from './trace.ts'
import { mustBeOwnPage, mustNotBeForeignPage, newVisit, visitCookie, visitIn } from './visits.ts'

const never = new AbortController().signal

/** Aborted when the client leaves before its answer; only for a request that asks to wait. */
function leaving(operation: Operation, input: Record<string, unknown>, reply: FastifyReply): AbortSignal {
  if (!operation.waits || input.wait === undefined) return never
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
  const headers = operation.headers.flatMap(([header, field]): [string, unknown][] => {
    const value = request.headers[header]
    return value === undefined ? [] : [[field, value]]
  })
  const given = [...Object.entries(params), ...headers]
  const mark = request.url.indexOf('?')
  if (mark < 0 && entry.method === 'GET') return Object.fromEntries(given)
  const query: Map<string, unknown> = mark < 0 ? new Map() : fieldsOf(pairsOf(request.url.slice(mark + 1)))
  credentials.push(...takeCredential(query, 'key', 'query'))
  // Bytes are not parsed, and of all else our parser gives a Buffer.
  const body = await readBody(entry, request.body as Buffer | undefined, request.headers['content-type'])
  credentials.push(...body.credentials)
  const fields = [...coerce(body.fields)]
  if (request.trace && fields.length > 0) request.trace.fields = Object.fromEntries(fields)
  for (const [, field] of operation.headers) if (query.has(field)) refuse('INVALID_INPUT', unknown(field))
  return Object.fromEntries(fieldsOf([...coerce(query), ...fields, ...given]))
}

/** The project that a signed-in person names in the query, where a session opens an operation of REST. */
const projectIn = ({ project }: Record<string, unknown>) => (typeof project === 'string' ? project : undefined)

const unknown = (field: string) => ({ issues: [{ path: field, message: 'Unknown field.' }] })

/** `Idempotency-Key` with what its reply is recognised by and sealed under; only where the entry takes one. */
function claimOf(entry: Endpoint, request: FastifyRequest, credentials: Credential[], input: unknown) {
  const key = request.headers['idempotency-key']
  if (!entry.idempotent || key === undefined) return undefined
  const credential = theCredential(credentials)
  if (!credential) return undefined
  if (typeof key !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(key))
    refuse('INVALID_INPUT', {
      issues: [{ path: 'Idempotency-Key', message: 'Takes 1 to 255 printable ASCII characters.' }],
    })
  return { key, credential: credential.text, body: input }
}

/** What another site's page could have a browser send: Basic credentials go by themselves, and the public and guests need none. */
const needsNoCredential = (entry: Endpoint, credentials: Credential[]) =>
  entry.access === 'public' ||
  (entry.guests === true && credentials.length === 0) ||
  credentials.some((one) => one.transport === 'basic')

/** 202 instead of 200 for what is accepted and not done yet, where the entry says so. */
const statusOf = (entry: Endpoint, answer: unknown): number =>
  entry.accepts && typeof answer === 'object' && answer && 'status' in answer && answer.status === 'pending'
    ? 202
    : entry.status

/** Answers one request: what HTTP says goes in, its pipeline does it, the flags of the entry say how it comes out. */
export function answering(world: World) {
  const cookie = visitCookie(world.config.publicUrl)
  return async (operation: Operation, request: FastifyRequest, reply: FastifyReply, params: Record<string, string>) => {
    const { entry, run } = operation
    const notes: DoorCtx['notes'] = {}
    const trace: Trace = request.trace ?? {}
    trace.operation = operation
    try {
      const unsafe = entry.method !== 'GET'
      const credentials = credentialsInHeaders(request.raw)
      trace.credentials = credentials
      if (unsafe && entry.visit) mustBeOwnPage(request.raw, world.config.publicUrl)
      else if (unsafe && needsNoCredential(entry, credentials))
        mustNotBeForeignPage(request.raw, world.config.publicUrl)
      const input = await inputOf(operation, request, params, credentials)
      const body = entry.bytes === undefined ? {} : { body: bytesOf(request, reply, entry.bytes) }
      const known = entry.visit ? visitIn(request.raw, cookie.name) : undefined
      const visit = known ?? (entry.visit && !unsafe ? newVisit() : undefined)
      const ip = plainAddress(request.ip)
      const ctx: DoorCtx = {
        world,
        identify: () => identify(world, credentials, ip, trace),
        ...(entry.guests ? { guestProject: () => guestProject(world.db.sql) } : {}),
        ...(entry.bySession ? { ...personOf(world, request.raw), project: projectIn(input) } : {}),
        requestId: request.id,
        ip,
        userAgent: request.headers['user-agent']?.slice(0, 500) ?? null,
        signal: leaving(operation, input, reply),
        visit,
        userName: credentials.find((one) => one.userName)?.userName,
        ...(entry.keyText ? { keyText: theCredential(credentials)?.text } : {}),
        safe: !unsafe,
        idempotency: claimOf(entry, request, credentials, input),
        ...body,
        notes,
      }
      // The session is read anew each time; that somebody still listens is no use of it.
      const anew = () => ({ ...ctx, ...(entry.bySession ? personOf(world, request.raw, 'unseen') : {}) })
      if (entry.streams) ctx.readmit = () => identified(anew(), entry)
      const answer = await run(ctx, input)
      trace.answer = answer
      if (notes.rate) reply.headers(rateHeaders(notes.rate))
      if (notes.replayed) reply.header('idempotency-replayed', 'true')
      if (visit !== undefined && visit !== known) reply.header('set-cookie', cookie.serialize(visit))
      if (entry.represents === 'value')
        return sendValue(reply, request, input.view, answer as StoredValue & { created?: boolean }) // what such an entry answers
      if (entry.streams) {
        trace.sentBefore = request.raw.socket.bytesWritten
        return sendStream(request, reply, answer as Streamed) // what such an entry answers
      }
      if (entry.status === 204) return reply.code(204).send()
      return reply.code(statusOf(entry, answer)).type('application/json; charset=utf-8').send(JSON.stringify(answer))
    } catch (thrown) {
      if (notes.rate) reply.headers(rateHeaders(notes.rate))
      return sendRefusal(world, request, reply, refusalOf(thrown))
    }
  }
}
