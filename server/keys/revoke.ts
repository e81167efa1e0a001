import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const revoke: Verb<typeof contract.keys.revoke> = async () => {
  throw new Error('keys.revoke is not built.')
}
