import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const open: Verb<typeof contract.secrets.open> = async () => {
  throw new Error('secrets.open is not built.')
}
