import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const verify: Verb<typeof contract.audit.verify> = async () => {
  throw new Error('audit.verify is not built.')
}
