import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const recent: Verb<typeof contract.secrets.recent> = async () => {
  throw new Error('secrets.recent is not built.')
}
