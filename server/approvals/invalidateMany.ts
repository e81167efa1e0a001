import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const invalidateMany: Verb<typeof contract.approvals.invalidateMany> = async () => {
  throw new Error('approvals.invalidateMany is not built.')
}
