import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { export_ } from './export.ts'
import { head } from './head.ts'
import { list } from './list.ts'
import { verify } from './verify.ts'

export const audit: Verbs<typeof contract.audit> = { list, export: export_, head, verify }
