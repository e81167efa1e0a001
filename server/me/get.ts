import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const get: Verb<typeof contract.me.get> = async () => {
  throw new Error('me.get is not built.')
}
