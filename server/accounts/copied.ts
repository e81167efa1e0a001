import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const copied: Verb<typeof contract.accounts.copied> = async () => {
  throw new Error('Being built.')
}
