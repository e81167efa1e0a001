import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const open: Verb<typeof contract.invitations.open> = async () => {
  throw new Error('invitations.open is not built.')
}
