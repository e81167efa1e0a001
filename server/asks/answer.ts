import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const answer: Verb<typeof contract.asks.answer> = async () => {
  throw new Error('asks.answer is not built.')
}
