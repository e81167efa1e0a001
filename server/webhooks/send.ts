import { Webhook } from 'standardwebhooks'
import { Refusal } from '../../shared/errors.ts'
import { signerOf } from '../audit/chain.ts'
import { headOf, newestSeal } from '../audit/rows.ts'
import type { OutboundReply } from '../lib/outbound.ts'
import { OutboundFault } from '../lib/outbound-fault.ts'
import { type Delivery, keepBody, type Verdict } from '../outbox/delivery.ts'
import { outboundOf } from '../outbox/outbound.ts'
import { eventOf } from '../outbox/told.ts'
import type { World } from '../world.ts'
import { bodyOf } from './body.ts'
import { findWebhook, secretsOf, urlOf, type WebhookRow } from './webhook.ts'

/** Seconds that a receiver asks for, as a number or a date (RFC 9110, 10.2.3). */
function patienceOf(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined
  const seconds = /^\d{1,9}$/.test(header) ? Number(header) : (Date.parse(header) - now.getTime()) / 1000
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : undefined
}

/** Any 2xx is a yes. A redirect is none: whoever moved says so by hand, so that nothing follows where we must not go. */
function verdictOf({ status, headers, body }: OutboundReply, now: Date): Verdict {
  if (status >= 200 && status < 300) return { ok: true, status, response: body }
  const retryAfterSeconds = patienceOf(headers['retry-after'], now)
  return {
    ok: false,
    code: status === 410 ? 'GONE' : status >= 300 && status < 400 ? 'REDIRECT' : 'STATUS',
    status,
    response: body,
    gone: status === 410,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  }
}

/** The headers of a delivery: one signature by each secret that counts (Standard Webhooks). */
const headersOf = (secrets: readonly string[], id: string, now: Date, body: string) => ({
  'content-type': 'application/json',
  'user-agent': 'Countersign',
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
  'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
})

/** The body of a delivery: made at its first try, and the same ever after; undefined when its event is gone. */
async function bodyFor(world: World, delivery: Delivery): Promise<string | undefined> {
  if (delivery.body !== null) return delivery.body
  const { sql } = world.db
  const event = await eventOf(sql, delivery)
  if (!event) return undefined
  const seal = await newestSeal(sql, event.project_id)
  return keepBody(sql, delivery, bodyOf(event, seal ? headOf(seal, signerOf(world.keys.signing)) : null))
}

/** Signs a body and sends it, and says what came of it. */
export async function post(
  world: World,
  row: WebhookRow,
  eventId: string,
  body: string,
  timeoutMs?: number,
): Promise<Verdict> {
  try {
    const [url, secrets] = [await urlOf(world, row), await secretsOf(world, row)]
    const headers = headersOf(secrets, eventId, world.clock.now(), body)
    const reply = await outboundOf(world).send({
      url,
      headers,
      body,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    })
    return verdictOf(reply, world.clock.now())
  } catch (thrown) {
    if (thrown instanceof OutboundFault || thrown instanceof Refusal) return { ok: false, code: thrown.code }
    throw thrown
  }
}

/** One try of a delivery to a webhook. */
export async function sendToWebhook(world: World, delivery: Delivery): Promise<Verdict> {
  const row = await findWebhook(world.db.sql, delivery.project_id, delivery.webhook_id ?? '')
  if (!row || row.disabled_at) return { ok: false, code: 'DISABLED', forGood: true }
  const body = await bodyFor(world, delivery)
  if (body === undefined) return { ok: false, code: 'EVENT_GONE', forGood: true }
  return post(world, row, delivery.event_id, body)
}
