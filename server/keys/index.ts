import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { create } from './create.ts'
import { get } from './get.ts'
import { list } from './list.ts'
import { requests } from './requests.ts'
import { revoke } from './revoke.ts'
import { rotate } from './rotate.ts'
import { update } from './update.ts'

export const keys: Verbs<typeof contract.keys> = { create, list, get, update, revoke, rotate, requests }
