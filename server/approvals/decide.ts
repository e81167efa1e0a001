import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const decide: Verb<typeof contract.approvals.decide> = async () => {
  throw new Error('approvals.decide is not built.')
}
