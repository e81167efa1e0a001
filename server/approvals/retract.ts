import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Verb } from '../verb.ts'

export const retract: Verb<typeof contract.approvals.retract> = async () => refuse('NOT_FOUND')
