import { randomUUID } from 'node:crypto'
import { refuse } from '../../shared/errors.ts'
import { toolOf } from '../mcp/tools.ts'
import { jsonIn } from './body.ts'

/** One message of a client, and what the door must know of it before it is answered. */
export type Said = {
  message: unknown
  /** The name in a call of a tool, whether or not there is such a tool. */
  tool?: string
  /** The answer is sent as a stream. */
  streams: boolean
  /** It begins a conversation with a client that can show addresses to its person. */
  showsAddresses: boolean
}

const shows = /^shows-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * A session's id says what its client can, and that is all there is to the session: nothing is kept, and every node reads
 * it. It opens nothing; who lies in it is shown an address that they have anyway.
 */
export const newSession = (): string => `shows-${randomUUID()}`

/** What a session's id says. Refuses NOT_FOUND for one that we never gave: the client begins anew then. */
export function knownSession(id: string | string[] | undefined): 'shows' | undefined {
  if (id === undefined) return undefined
  if (typeof id !== 'string' || !shows.test(id)) return refuse('NOT_FOUND', { sentence: 'There is no such session.' })
  return 'shows'
}

/** A field of what may be an object. */
const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>(
    (inside, name) =>
      typeof inside === 'object' && inside !== null && Object.hasOwn(inside, name)
        ? (inside as Record<string, unknown>)[name] // just seen
        : undefined,
    value,
  )

/** Reads the body. Refuses what is no JSON, and batches: the protocol has none, and limits count calls. */
export function saidIn(body: Buffer | undefined, contentType: string | undefined, session: 'shows' | undefined): Said {
  if (contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json') refuse('UNSUPPORTED_MEDIA_TYPE')
  const message = jsonIn(body ?? Buffer.alloc(0))
  if (Array.isArray(message)) refuse('MALFORMED_BODY', { sentence: 'Send one message at a time, not a batch.' })
  const isCall = at(message, 'method') === 'tools/call' && at(message, 'id') !== undefined
  const asked = at(message, 'params', 'name')
  const tool = isCall ? (typeof asked === 'string' ? asked : '') : undefined
  const wants = at(message, 'params', '_meta', 'progressToken') !== undefined || session === 'shows'
  return {
    message,
    ...(tool === undefined ? {} : { tool }),
    streams: toolOf(tool)?.waits === true && wants,
    showsAddresses:
      at(message, 'method') === 'initialize' &&
      at(message, 'params', 'capabilities', 'elicitation', 'url') !== undefined,
  }
}
