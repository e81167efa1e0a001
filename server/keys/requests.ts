import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const requests: Verb<typeof contract.keys.requests> = async () => {
  throw new Error('keys.requests is not built.')
}
