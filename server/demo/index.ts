import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { create } from './create.ts'

export const demo: Verbs<typeof contract.demo> = { create }
