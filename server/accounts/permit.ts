import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const permit: Verb<typeof contract.accounts.permit> = async () => {
  throw new Error('Being built.')
}
