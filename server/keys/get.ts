import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const get: Verb<typeof contract.keys.get> = async () => {
  throw new Error('keys.get is not built.')
}
