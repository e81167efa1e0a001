import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const update: Verb<typeof contract.settings.update> = async () => {
  throw new Error('settings.update is not built.')
}
