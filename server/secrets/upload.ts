import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const upload: Verb<typeof contract.secrets.upload> = async () => {
  throw new Error('secrets.upload is not built.')
}
