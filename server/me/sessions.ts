import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const sessions: Verb<typeof contract.me.sessions> = async () => {
  throw new Error('me.sessions is not built.')
}
