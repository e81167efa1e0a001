import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const export_: Verb<typeof contract.audit.export> = async () => {
  throw new Error('audit.export is not built.')
}
