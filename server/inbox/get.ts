import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const get: Verb<typeof contract.inbox.get> = async () => {
  throw new Error('inbox.get is not built.')
}
