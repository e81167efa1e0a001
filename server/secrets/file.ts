import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const file: Verb<typeof contract.secrets.file> = async () => {
  throw new Error('secrets.file is not built.')
}
