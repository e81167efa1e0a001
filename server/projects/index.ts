import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { create } from './create.ts'

export const projects: Verbs<typeof contract.projects> = { create }
