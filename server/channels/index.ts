import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { create } from './create.ts'
import { remove } from './delete.ts'
import { get } from './get.ts'
import { list } from './list.ts'
import { test } from './test.ts'
import { update } from './update.ts'

export const channels: Verbs<typeof contract.channels> = { list, create, get, update, delete: remove, test }
