import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const accept: Verb<typeof contract.invitations.accept> = async () => {
  throw new Error('invitations.accept is not built.')
}
