import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'

export const agents: Verbs<typeof contract.agents> = {}
