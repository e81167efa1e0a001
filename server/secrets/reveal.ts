import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const reveal: Verb<typeof contract.secrets.reveal> = async () => {
  throw new Error('secrets.reveal is not built.')
}
