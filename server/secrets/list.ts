import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const list: Verb<typeof contract.secrets.list> = async () => {
  throw new Error('secrets.list is not built.')
}
