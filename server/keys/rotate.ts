import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const rotate: Verb<typeof contract.keys.rotate> = async () => {
  throw new Error('keys.rotate is not built.')
}
