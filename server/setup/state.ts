import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const state: Verb<typeof contract.setup.state> = async () => {
  throw new Error('setup.state is not built.')
}
