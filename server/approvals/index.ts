import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { act } from './act.ts'
import { consume } from './consume.ts'
import { create } from './create.ts'
import { decide } from './decide.ts'
import { get } from './get.ts'
import { invalidate } from './invalidate.ts'
import { invalidateMany } from './invalidateMany.ts'
import { list } from './list.ts'
import { open } from './open.ts'
import { receipt } from './receipt.ts'
import { release } from './release.ts'
import { report } from './report.ts'
import { retract } from './retract.ts'
import { timeline } from './timeline.ts'

export const approvals: Verbs<typeof contract.approvals> = {
  create,
  list,
  get,
  invalidate,
  release,
  receipt,
  consume,
  open,
  act,
  report,
  decide,
  retract,
  timeline,
  invalidateMany,
}
