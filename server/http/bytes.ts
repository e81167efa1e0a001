import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorCode, Refusal, refuse } from '../../shared/errors.ts'
import { uploadMs } from '../rpc/serve.ts'
import { waitFor } from './broken.ts'

/** An upload of which nothing arrives for so many ms is given up. */
const stalledMs = 30_000

/** The rest of a body that was refused may take so many ms. */
const unwantedMs = 15_000

/** The one media type of bytes, in and out. */
export const bytesType = 'application/octet-stream'

/** What is refused of bytes in other words than of fields: the limit is another one, and so is the media type. */
export const sentencesOfBytes = (most: number): Partial<Record<ErrorCode, string>> => ({
  BODY_TOO_LARGE: `The request body is larger than ${most} bytes.`,
  UNSUPPORTED_MEDIA_TYPE: `Send the bytes as ${bytesType}.`,
  MALFORMED_BODY: 'The request body broke off before its end.',
})

function no(code: ErrorCode, most: number, cause?: unknown): never {
  const sentence = sentencesOfBytes(most)[code]
  return refuse(code, { ...(sentence === undefined ? {} : { sentence }), cause })
}

/** The promise, or after so many ms the refusal TOO_SLOW. */
function inTime<Answer>(ms: number, promise: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Refusal('TOO_SLOW')), ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/**
 * The body of an entry with `bytes`, as it arrives and never as a whole; `most` bytes of it. Refuses another media type and
 * a length that is too large at once, and while it is read BODY_TOO_LARGE, TOO_SLOW, and MALFORMED_BODY when it breaks off.
 */
export function bytesOf(request: FastifyRequest, reply: FastifyReply, most: number): AsyncIterable<Uint8Array> {
  const given = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (given !== bytesType) no('UNSUPPORTED_MEDIA_TYPE', most)
  if (Number(request.headers['content-length']) > most) no('BODY_TOO_LARGE', most)
  return arriving(request.raw, reply, most)
}

/** Reads on to the end of a body that nobody wants, so that the connection can be used again; for a while, then it is cut. */
function throwAway(raw: IncomingMessage): void {
  const timer = setTimeout(() => raw.destroy(), unwantedMs)
  raw.once('close', () => clearTimeout(timer)).resume()
}

async function* arriving(raw: IncomingMessage, reply: FastifyReply, most: number): AsyncGenerator<Uint8Array> {
  const end = performance.now() + uploadMs
  // Without this it would destroy the connection, and with it the reply, when the verb wants no more.
  const chunks: AsyncIterator<Buffer> = raw.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]()
  const over = waitFor(raw.socket)
  let seen = 0
  let ended = false
  try {
    for (;;) {
      const next = await inTime(Math.min(stalledMs, end - performance.now()), chunks.next())
      ended = next.done === true
      if (next.done) return
      seen += next.value.length
      if (seen > most) no('BODY_TOO_LARGE', most)
      yield next.value
    }
  } catch (fault) {
    ended = true
    // Who is too slow is not waited for while the rest is thrown away.
    if (fault instanceof Refusal && fault.code === 'TOO_SLOW') reply.header('connection', 'close')
    if (fault instanceof Refusal) throw fault
    return no('MALFORMED_BODY', most, fault)
  } finally {
    over()
    if (!ended) {
      await chunks.return?.()
      throwAway(raw)
    }
  }
}
