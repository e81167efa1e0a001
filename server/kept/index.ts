import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { create } from './create.ts'
import { remove } from './delete.ts'
import { list } from './list.ts'
import { update } from './update.ts'

export const kept: Verbs<typeof contract.kept> = { create, list, update, delete: remove }
