import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const board: Verb<typeof contract.accounts.board> = async () => {
  throw new Error('Being built.')
}
