import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const resend: Verb<typeof contract.users.resend> = async () => {
  throw new Error('users.resend is not built.')
}
