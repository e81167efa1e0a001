import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const disable: Verb<typeof contract.users.disable> = async () => {
  throw new Error('users.disable is not built.')
}
