import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const status: Verb<typeof contract.secrets.status> = async () => {
  throw new Error('secrets.status is not built.')
}
