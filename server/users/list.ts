import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const list: Verb<typeof contract.users.list> = async () => {
  throw new Error('users.list is not built.')
}
