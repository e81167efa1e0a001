import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const open: Verb<typeof contract.asks.open> = async () => {
  throw new Error('asks.open is not built.')
}
