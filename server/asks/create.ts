import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const create: Verb<typeof contract.asks.create> = async () => {
  throw new Error('asks.create is not built.')
}
