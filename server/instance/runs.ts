import { refuse } from '../../shared/errors.ts'
import type { SignedIn } from '../context.ts'

/** Lets only those pass who run the instance: whoever set it up, and whom they made so. @throws INSUFFICIENT_ROLE */
export function mustRunInstance({ runsInstance }: SignedIn): void {
  if (!runsInstance) refuse('INSUFFICIENT_ROLE', { sentence: 'This is for those who run this instance.' })
}
