import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const cancel: Verb<typeof contract.asks.cancel> = async () => {
  throw new Error('asks.cancel is not built.')
}
