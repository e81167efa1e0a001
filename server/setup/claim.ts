import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const claim: Verb<typeof contract.setup.claim> = async () => {
  throw new Error('setup.claim is not built.')
}
