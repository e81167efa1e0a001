import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const invite: Verb<typeof contract.users.invite> = async () => {
  throw new Error('users.invite is not built.')
}
