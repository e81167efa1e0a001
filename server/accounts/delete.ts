import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const remove: Verb<typeof contract.accounts.delete> = async () => {
  throw new Error('Being built.')
}
