import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const get: Verb<typeof contract.settings.get> = async () => {
  throw new Error('settings.get is not built.')
}
