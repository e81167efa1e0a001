import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const metadata: Verb<typeof contract.secrets.metadata> = async () => {
  throw new Error('secrets.metadata is not built.')
}
