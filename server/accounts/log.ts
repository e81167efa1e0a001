import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const log: Verb<typeof contract.accounts.log> = async () => {
  throw new Error('Being built.')
}
