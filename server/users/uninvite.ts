import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const uninvite: Verb<typeof contract.users.uninvite> = async () => {
  throw new Error('users.uninvite is not built.')
}
