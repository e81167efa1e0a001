import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const rename: Verb<typeof contract.me.rename> = async () => {
  throw new Error('me.rename is not built.')
}
