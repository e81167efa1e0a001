import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const update: Verb<typeof contract.keys.update> = async () => {
  throw new Error('keys.update is not built.')
}
