import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { get } from './get.ts'

export const inbox: Verbs<typeof contract.inbox> = { get }
