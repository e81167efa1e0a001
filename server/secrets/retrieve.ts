import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const retrieve: Verb<typeof contract.secrets.retrieve> = async () => {
  throw new Error('secrets.retrieve is not built.')
}
