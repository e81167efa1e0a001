import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyReply } from 'fastify'
import { type StoredValue, versionsIn } from '../values/value.ts'

function isListed(condition: string | undefined, version: number): boolean {
  const known = versionsIn(condition?.trim())
  return known === '*' || known?.includes(version) === true
}

/** Whether the first of text/plain and JSON that the client names is text/plain; nothing named means JSON (seed 0). */
const wantsText = (accept: string | undefined): boolean =>
  /^\s*text\/plain\b/i.test(
    (accept ?? '').split(',').find((range) => /text\/plain|application\/json|\*\/\*/i.test(range)) ?? '',
  )

/**
 * Sends a stored value (seed 0): a JSON string, quotes included, as its guides compare it; bare text for `Accept:
 * text/plain`; everything for `?view=full`. The version is the ETag; a GET that knows it gets 304.
 */
export function sendValue(
  reply: FastifyReply,
  request: { method: string; headers: IncomingHttpHeaders },
  view: unknown,
  stored: StoredValue & { created?: boolean },
): FastifyReply {
  const { created, ...value } = stored
  reply.header('etag', `"${value.version}"`).header('vary', 'Accept')
  const reads = request.method === 'GET' || request.method === 'HEAD'
  if (reads && isListed(request.headers['if-none-match'], value.version)) return reply.code(304).send()
  reply.code(created ? 201 : 200)
  if (view === 'full') return reply.type('application/json; charset=utf-8').send(JSON.stringify(value))
  if (wantsText(request.headers.accept)) return reply.type('text/plain; charset=utf-8').send(value.value)
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(value.value))
}
