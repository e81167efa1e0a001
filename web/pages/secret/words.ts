import type { Fault } from '../../parts/fault.ts'
import { isUnclear } from './reveal.ts'

/** Why a press did not bring the secret, and that it is still there. No clock in it: it is read out whenever it changes. */
export function said(fault: Fault): string | undefined {
  // The field says these itself.
  if (fault.code === 'WRONG_PASSPHRASE' || fault.code === 'PASSPHRASE_REQUIRED') return undefined
  if (fault.code === 'RATE_LIMITED')
    return 'Too many tries. The secret is still there. The button says when to try again.'
  if (fault.code === 'KEY_MISSING')
    return 'This secret cannot be decrypted right now: a key is missing on the server. Nothing is used up and the link is intact. Try again later, or tell whoever runs this service.'
  if (isUnclear(fault)) return 'The connection broke. We looked again: the secret is still there. You can try again.'
  return `${fault.message}${fault.requestId ? ` (request ${fault.requestId})` : ''}`
}
