import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { create } from './create.ts'
import { createKey } from './createKey.ts'
import { get } from './get.ts'
import { list } from './list.ts'
import { revoke } from './revoke.ts'
import { update } from './update.ts'

export const agents: Verbs<typeof contract.agents> = { create, list, get, update, createKey, revoke }
