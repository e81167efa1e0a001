import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { answer } from './answer.ts'
import { cancel } from './cancel.ts'
import { create } from './create.ts'
import { list } from './list.ts'
import { open } from './open.ts'

export const asks: Verbs<typeof contract.asks> = {
  create,
  open,
  answer,
  list,
  cancel,
}
