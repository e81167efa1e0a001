import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const generate: Verb<typeof contract.secrets.generate> = async () => {
  throw new Error('secrets.generate is not built.')
}
