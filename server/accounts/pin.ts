import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const pin: Verb<typeof contract.accounts.pin> = async () => {
  throw new Error('Being built.')
}
