import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const burn: Verb<typeof contract.secrets.burn> = async () => {
  throw new Error('secrets.burn is not built.')
}
