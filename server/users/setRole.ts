import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const setRole: Verb<typeof contract.users.setRole> = async () => {
  throw new Error('users.setRole is not built.')
}
