import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const timeline: Verb<typeof contract.approvals.timeline> = async () => {
  throw new Error('approvals.timeline is not built.')
}
