import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const create: Verb<typeof contract.keys.create> = async () => {
  throw new Error('keys.create is not built.')
}
