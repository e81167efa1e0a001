import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const permissions: Verb<typeof contract.accounts.permissions> = async () => {
  throw new Error('Being built.')
}
