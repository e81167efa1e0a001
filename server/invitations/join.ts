import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const join: Verb<typeof contract.invitations.join> = async () => {
  throw new Error('invitations.join is not built.')
}
