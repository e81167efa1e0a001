import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const testMail: Verb<typeof contract.instance.testMail> = async () => {
  throw new Error('instance.testMail is not built.')
}
