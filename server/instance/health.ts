import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const health: Verb<typeof contract.instance.health> = async () => {
  throw new Error('instance.health is not built.')
}
