import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const burnByReceipt: Verb<typeof contract.secrets.burnByReceipt> = async () => {
  throw new Error('secrets.burnByReceipt is not built.')
}
