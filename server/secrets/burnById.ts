import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const burnById: Verb<typeof contract.secrets.burnById> = async () => {
  throw new Error('secrets.burnById is not built.')
}
