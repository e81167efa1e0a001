import { randomBytes } from 'node:crypto'
import { refuse } from '../../shared/errors.ts'
import { outboundOf } from '../outbox/outbound.ts'
import type { World } from '../world.ts'

/** A signing secret as Standard Webhooks writes it: 256 random bits. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

const sentences = {
  INVALID_URL: 'Must be an https URL without user, password and fragment, at most 2048 characters.',
  NOT_HTTPS: 'Must begin with https://. Whoever runs this service can allow receivers inside with OUTBOUND_ALLOW.',
  PORT_NOT_ALLOWED: 'The port must be 443, or 1024 and above.',
  ADDRESS_NOT_ALLOWED:
    'This address is not one of the open Internet. Whoever runs this service can allow it with OUTBOUND_ALLOW.',
} as const

/** Refuses INVALID_INPUT for an address to which nothing would ever be sent. What its name stands for is seen when it is sent to. */
export function mustBeUrl(world: World, url: string): void {
  const fault = outboundOf(world).faultOfUrl(url)
  if (fault) refuse('INVALID_INPUT', { issues: [{ path: 'url', message: sentences[fault] }] })
}
