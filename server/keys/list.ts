import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const list: Verb<typeof contract.keys.list> = async () => {
  throw new Error('keys.list is not built.')
}
