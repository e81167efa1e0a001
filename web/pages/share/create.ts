import { Fault, faultIn, refusedIn } from '../../parts/fault.ts'
import type { Input, Made } from '../../parts/share/send.ts'

/** Makes a secret as a guest, over the public API: without cookies, so also for who is signed in. */
export async function createAsGuest(input: Input): Promise<Made> {
  const reply = await fetch('/v1/share', {
    method: 'POST',
    credentials: 'omit',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  }).catch(() => undefined)
  const answer: unknown = await reply?.json().catch(() => undefined)
  // What the contract's own entry answers.
  if (reply?.ok) return answer as Made
  const refused = refusedIn(answer)
  if (!reply || !refused) throw new Fault('UNREACHABLE', 'The service could not be reached.')
  if (reply.status === 401) throw new Fault(refused.code, 'Guests cannot share secrets here any more.')
  throw faultIn(refused, reply.headers.get('retry-after'))
}
