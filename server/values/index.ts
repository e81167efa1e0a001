import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { remove } from './delete.ts'
import { get } from './get.ts'
import { guard } from './guard.ts'
import { guards } from './guards.ts'
import { history } from './history.ts'
import { list } from './list.ts'
import { pending } from './pending.ts'
import { put } from './put.ts'
import { unguard } from './unguard.ts'

export const values: Verbs<typeof contract.values> = {
  get,
  put,
  delete: remove,
  pending,
  history,
  list,
  guards,
  guard,
  unguard,
}
