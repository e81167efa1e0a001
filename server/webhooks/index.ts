import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { create } from './create.ts'
import { remove } from './delete.ts'
import { deliveries } from './deliveries.ts'
import { delivery } from './delivery.ts'
import { get } from './get.ts'
import { list } from './list.ts'
import { replay } from './replay.ts'
import { replayAll } from './replayAll.ts'
import { rotate } from './rotate.ts'
import { test } from './test.ts'
import { update } from './update.ts'

export const webhooks: Verbs<typeof contract.webhooks> = {
  create,
  list,
  get,
  update,
  delete: remove,
  rotate,
  test,
  deliveries,
  delivery,
  replay,
  replayAll,
}
