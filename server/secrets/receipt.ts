import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const receipt: Verb<typeof contract.secrets.receipt> = async () => {
  throw new Error('secrets.receipt is not built.')
}
