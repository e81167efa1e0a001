import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { act } from './act.ts'
import { create } from './create.ts'
import { decide } from './decide.ts'
import { get } from './get.ts'
import { invalidate } from './invalidate.ts'
import { invalidateMany } from './invalidateMany.ts'
import { list } from './list.ts'
import { open } from './open.ts'
import { report } from './report.ts'
import { timeline } from './timeline.ts'

export const approvals: Verbs<typeof contract.approvals> = {
  create,
  list,
  get,
  invalidate,
  open,
  act,
  report,
  decide,
  timeline,
  invalidateMany,
}
