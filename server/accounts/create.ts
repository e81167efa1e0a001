import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const create: Verb<typeof contract.accounts.create> = async () => {
  throw new Error('Being built.')
}
