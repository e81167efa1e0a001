import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const list: Verb<typeof contract.audit.list> = async () => {
  throw new Error('audit.list is not built.')
}
