import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const stream: Verb<typeof contract.feed.stream> = async () => {
  throw new Error('feed.stream is not built.')
}
