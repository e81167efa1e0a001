import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { get } from './get.ts'
import { update } from './update.ts'

export const settings: Verbs<typeof contract.settings> = { get, update }
