import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Verb } from '../verb.ts'

export const consume: Verb<typeof contract.approvals.consume> = async () => refuse('NOT_FOUND')
