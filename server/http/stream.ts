import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Streamed } from '../verb.ts'
import { bytesType } from './bytes.ts'

export type { Streamed } from '../verb.ts'

/** A client that takes nothing of what waits for it is cut off after this many ms; any progress starts the time anew. */
const stalledMs = 60_000

/** Sends an answer as it is made. A client that leaves, or takes nothing any more, ends the making. */
export function sendStream(request: FastifyRequest, reply: FastifyReply, { type, fileName, length, chunks }: Streamed) {
  if (fileName !== undefined) reply.header('content-disposition', `attachment; filename="${fileName}"`)
  // Proxies must pass each piece on at once.
  reply.header('x-accel-buffering', 'no').type(type === bytesType ? type : `${type}; charset=utf-8`)
  if (length !== undefined) reply.header('content-length', length)
  // Nobody would read what a HEAD began.
  if (request.method === 'HEAD') return reply.send()
  reply.raw.setTimeout(stalledMs, () => reply.raw.destroy())
  return reply.send(Readable.from(chunks, { objectMode: false }))
}
