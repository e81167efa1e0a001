import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const exportOne: Verb<typeof contract.accounts.export> = async () => {
  throw new Error('Being built.')
}
