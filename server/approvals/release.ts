import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Verb } from '../verb.ts'

export const release: Verb<typeof contract.approvals.release> = async () => refuse('NOT_FOUND')
