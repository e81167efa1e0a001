import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const list: Verb<typeof contract.accounts.list> = async () => {
  throw new Error('Being built.')
}
