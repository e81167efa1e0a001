import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Verb } from '../verb.ts'

export const receipt: Verb<typeof contract.approvals.receipt> = async () => refuse('NOT_FOUND')
