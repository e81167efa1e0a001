import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { board } from './board.ts'
import { codes } from './codes.ts'
import { copied } from './copied.ts'
import { create } from './create.ts'
import { remove } from './delete.ts'
import { exportOne } from './export.ts'
import { exportOwn } from './exportOwn.ts'
import { get } from './get.ts'
import { importMany } from './import.ts'
import { list } from './list.ts'
import { log } from './log.ts'
import { permissions } from './permissions.ts'
import { permit } from './permit.ts'
import { pin } from './pin.ts'
import { update } from './update.ts'

export const accounts: Verbs<typeof contract.accounts> = {
  list,
  create,
  codes,
  get,
  update,
  delete: remove,
  export: exportOne,
  permissions,
  permit,
  import: importMany,
  board,
  pin,
  copied,
  log,
  exportOwn,
}
