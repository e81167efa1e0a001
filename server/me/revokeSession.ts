import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const revokeSession: Verb<typeof contract.me.revokeSession> = async () => {
  throw new Error('me.revokeSession is not built.')
}
