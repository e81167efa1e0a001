import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Streamed } from '../verb.ts'

export type { Streamed } from '../verb.ts'

/** Sends an answer as it is made. A client that leaves ends the making. */
export function sendStream(_request: FastifyRequest, reply: FastifyReply, { type, fileName, chunks }: Streamed) {
  if (fileName !== undefined) reply.header('content-disposition', `attachment; filename="${fileName}"`)
  // Proxies must pass each piece on at once.
  reply.header('x-accel-buffering', 'no')
  return reply.type(`${type}; charset=utf-8`).send(Readable.from(chunks, { objectMode: false }))
}
