import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const codes: Verb<typeof contract.accounts.codes> = async () => {
  throw new Error('Being built.')
}
