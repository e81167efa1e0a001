import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { claim } from './claim.ts'
import { state } from './state.ts'

export const setup: Verbs<typeof contract.setup> = { state, claim }
