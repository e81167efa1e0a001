import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const head: Verb<typeof contract.audit.head> = async () => {
  throw new Error('audit.head is not built.')
}
