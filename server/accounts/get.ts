import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const get: Verb<typeof contract.accounts.get> = async () => {
  throw new Error('Being built.')
}
