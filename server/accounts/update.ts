import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const update: Verb<typeof contract.accounts.update> = async () => {
  throw new Error('Being built.')
}
