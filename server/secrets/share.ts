import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const share: Verb<typeof contract.secrets.share> = async () => {
  throw new Error('secrets.share is not built.')
}
