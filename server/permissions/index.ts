import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { get } from './get.ts'
import { list } from './list.ts'
import { look } from './look.ts'
import { request } from './request.ts'
import { revoke } from './revoke.ts'
import { use } from './use.ts'
import { verify } from './verify.ts'

export const permissions: Verbs<typeof contract.permissions> = { request, list, get, verify, use, revoke, look }
