import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { list } from './list.ts'

export const requests: Verbs<typeof contract.requests> = { list }
