import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { create } from './create.ts'
import { remove } from './delete.ts'
import { dryRun } from './dryRun.ts'
import { endStanding } from './endStanding.ts'
import { list } from './list.ts'
import { update } from './update.ts'

export const policies: Verbs<typeof contract.policies> = { list, dryRun, create, update, delete: remove, endStanding }
