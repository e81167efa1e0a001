import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const importMany: Verb<typeof contract.accounts.import> = async () => {
  throw new Error('Being built.')
}
