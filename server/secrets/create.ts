import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const create: Verb<typeof contract.secrets.create> = async () => {
  throw new Error('secrets.create is not built.')
}
