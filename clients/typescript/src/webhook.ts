import { CountersignError } from './error.ts'

/** What a webhook delivers. `type` is the name of an event of the audit log, or `webhook.test`. */
export type WebhookEvent = {
  type: string
  /** When it happened, ISO 8601. */
  timestamp: string
  data: {
    project_id: string
    /** `kind:id` of what it is about. */
    target: string
    actor: { type: string; id: string | null; name: string }
    [fact: string]: unknown
  }
  /** The newest signed head of the audit log: keep it, and no row before it can change unseen. Null: nothing was sealed yet. */
  audit_head: Record<string, unknown> | null
}

export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>

/** A delivery that must not be believed. Its codes: `WEBHOOK_UNSIGNED`, `WEBHOOK_TOO_OLD`, `WEBHOOK_FORGED`. */
export class WebhookError extends CountersignError {
  override readonly name: string = 'WebhookError'
}

/** Seconds that the clocks of sender and receiver may differ; whoever replays an old delivery comes too late. */
const tolerance = 300

const encoder = new TextEncoder()

function headerIn(headers: WebhookHeaders, name: string): string {
  if (headers instanceof Headers) return headers.get(name) ?? ''
  const found = Object.entries(headers).find(([one]) => one.toLowerCase() === name)?.[1]
  return typeof found === 'string' ? found : (found?.[0] ?? '')
}

/** Bytes of base64; undefined for anything else. */
function bytesIn(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

const no = (code: string, message: string) => new WebhookError({ code, message })

/**
 * Checks a delivery of a webhook (Standard Webhooks) and answers its event. Give it the body as it came, byte for byte:
 * parsed and written again it is another text. The same `webhook-id` can come more than once; act on it once.
 * @param secret `whsec_…`, as it was shown when the webhook was made or its secret rotated
 * @throws {WebhookError} when it is not signed with the secret, was altered, or is more than five minutes old
 */
export async function verifyWebhook(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string,
): Promise<WebhookEvent> {
  const [id, timestamp, given] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerIn(headers, name),
  )
  if (!id || !given || !/^\d{1,12}$/.test(timestamp ?? ''))
    throw no('WEBHOOK_UNSIGNED', 'This delivery bears no signature.')
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > tolerance)
    throw no('WEBHOOK_TOO_OLD', 'This delivery was signed more than five minutes from now.')
  const raw = bytesIn(secret.replace(/^whsec_/, ''))
  if (!raw || raw.length === 0) throw no('WEBHOOK_FORGED', 'The secret is not one of a webhook: whsec_ and base64.')
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
  const text = typeof body === 'string' ? encoder.encode(body) : body
  const head = encoder.encode(`${id}.${timestamp}.`)
  const signed = new Uint8Array(head.length + text.length)
  signed.set(head)
  signed.set(text, head.length)
  for (const one of given.split(' ')) {
    const signature = one.startsWith('v1,') ? bytesIn(one.slice(3)) : undefined
    // Compares in constant time.
    if (signature && (await crypto.subtle.verify('HMAC', key, signature, signed)))
      return JSON.parse(new TextDecoder().decode(text)) as WebhookEvent // signed by the instance
  }
  throw no('WEBHOOK_FORGED', 'This delivery was not signed with this secret, or was altered.')
}
