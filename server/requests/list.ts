import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const list: Verb<typeof contract.requests.list> = async () => {
  throw new Error('requests.list is not built.')
}
