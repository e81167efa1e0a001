import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const list: Verb<typeof contract.asks.list> = async () => {
  throw new Error('asks.list is not built.')
}
