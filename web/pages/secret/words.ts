import { timeLeft } from '../../parts/clock.ts'
import type { Fault } from '../../parts/fault.ts'
import { isUnclear } from './reveal.ts'

/** Why a press did not bring the secret, and that it is still there. `wait`: ms until the next try. */
export function said(fault: Fault, wait: number): string | undefined {
  // The field says these itself.
  if (fault.code === 'WRONG_PASSPHRASE' || fault.code === 'PASSPHRASE_REQUIRED') return undefined
  if (fault.code === 'RATE_LIMITED')
    return wait > 0
      ? `Too many tries from your network. The secret is still there. Try again in ${timeLeft(wait)}.`
      : 'You can try again now. The secret is still there.'
  if (fault.code === 'KEY_MISSING')
    return 'This secret cannot be decrypted right now: a key is missing on the server. Nothing is used up and the link is intact. Try again later, or tell whoever runs this service.'
  if (isUnclear(fault)) return 'The connection broke. We looked again: the secret is still there. You can try again.'
  return `${fault.message}${fault.requestId ? ` (request ${fault.requestId})` : ''}`
}
