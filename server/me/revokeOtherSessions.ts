import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const revokeOtherSessions: Verb<typeof contract.me.revokeOtherSessions> = async () => {
  throw new Error('me.revokeOtherSessions is not built.')
}
