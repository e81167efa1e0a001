import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const exportOwn: Verb<typeof contract.accounts.exportOwn> = async () => {
  throw new Error('Being built.')
}
