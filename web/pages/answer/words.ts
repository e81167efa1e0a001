import type { Fault } from '../../parts/fault.ts'
import { isUnclear } from './giving.ts'
import type { Ask } from './reading.ts'

/** Who asks, by kind. */
export const kinds = {
  key: 'API key',
  agent: 'AI agent',
  person: 'person',
  visitor: 'visitor',
  policy: 'policy',
  system: 'this service',
} satisfies Record<Ask['asked_by']['type'], string>

/** Why the answer was not taken, while it still can be. */
export function said(fault: Fault): string {
  if (fault.code === 'RATE_LIMITED')
    return `Too many requests from your network. Nothing was sent; try again in ${fault.retryAfter ?? 60} s.`
  if (fault.code === 'KEY_MISSING')
    return 'It cannot be sealed right now: a key is missing on the server. Nothing was stored. Try again later.'
  if (isUnclear(fault)) return 'The connection broke. We looked again: nothing has arrived. You can send it again.'
  const [issue] = fault.issues
  return `${issue?.message ?? fault.message}${fault.requestId ? ` (request ${fault.requestId})` : ''}`
}
