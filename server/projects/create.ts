import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

export const create: Verb<typeof contract.projects.create> = async () => {
  throw new Error('projects.create is not built.')
}
