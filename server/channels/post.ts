import type { OutboundReply } from '../lib/outbound.ts'
import { OutboundFault } from '../lib/outbound-fault.ts'
import type { Verdict } from '../outbox/delivery.ts'
import { outboundOf } from '../outbox/outbound.ts'
import type { World } from '../world.ts'
import type { ToSend } from './format.ts'

/** Sends a request of a channel; a reply, or why there was none. */
export async function post(
  world: World,
  { method, url, headers, body }: ToSend,
): Promise<OutboundReply | { code: string }> {
  try {
    return await outboundOf(world).send({
      method,
      url,
      headers: { 'content-type': 'application/json', 'user-agent': 'Countersign', ...headers },
      body: JSON.stringify(body),
    })
  } catch (error) {
    if (error instanceof OutboundFault) return { code: error.code }
    throw error
  }
}

/** Seconds that a receiver asks for: the header (RFC 9110 10.2.3), in which Discord writes fractions. */
export function patienceOf({ headers }: Pick<OutboundReply, 'headers'>, now: Date): number | undefined {
  const text = headers['retry-after']
  if (text === undefined) return undefined
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - now.getTime()) / 1000
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : undefined
}

/** Old connectors of Teams say 200 whatever happened, and what happened in the text. */
const failedInside = /^Webhook message delivery failed .*HTTP error (\d{3})/s

const gone = new Set([404, 410])
/** Of this very message, however often it is sent. */
const hopeless = new Set([400, 413, 422])

/** What a reply means. Nothing of its text is kept: services repeat what they were sent. */
export function verdictOf(reply: OutboundReply | { code: string }, now: Date): Verdict {
  if ('code' in reply) return { ok: false, code: reply.code }
  const status = Number(failedInside.exec(reply.body)?.[1] ?? reply.status)
  if (status >= 200 && status < 300) return { ok: true, status }
  const retryAfterSeconds = patienceOf(reply, now)
  return {
    ok: false,
    code: 'STATUS',
    status,
    ...(gone.has(status) ? { gone: true } : {}),
    ...(hopeless.has(status) ? { forGood: true } : {}),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  }
}
