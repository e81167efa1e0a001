import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'

export const policies: Verbs<typeof contract.policies> = {}
