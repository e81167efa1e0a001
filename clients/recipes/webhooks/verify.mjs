// Checks deliveries of a webhook (Standard Webhooks). Node alone, no package.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Seconds that the clocks of sender and receiver may differ. */
const tolerance = 300

/**
 * Whether a delivery is signed with the secret and not old.
 * @param {string} secret `whsec_…`
 * @param {{ id: string, timestamp: string, signature: string }} headers `webhook-id`, `webhook-timestamp`, `webhook-signature`
 * @param {string | Buffer} body as it came, byte for byte
 */
export function verify(secret, { id, timestamp, signature }, body) {
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > tolerance) return false
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const wanted = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()
  // During a rotation there are two signatures; one by your secret is enough.
  return signature.split(' ').some((one) => {
    const given = Buffer.from(one.startsWith('v1,') ? one.slice(3) : '', 'base64')
    return given.length === wanted.length && timingSafeEqual(given, wanted)
  })
}

// As a program: one delivery as JSON on each line; answers `ok` or `no` for each.
if (process.argv[1] === fileURLToPath(import.meta.url))
  for await (const line of createInterface({ input: process.stdin })) {
    const { secret, id, timestamp, signature, body } = JSON.parse(line)
    process.stdout.write(verify(secret, { id, timestamp, signature }, body) ? 'ok\n' : 'no\n')
  }
