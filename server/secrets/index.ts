import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { burn } from './burn.ts'
import { burnById } from './burnById.ts'
import { burnByReceipt } from './burnByReceipt.ts'
import { create } from './create.ts'
import { file } from './file.ts'
import { generate } from './generate.ts'
import { list } from './list.ts'
import { metadata } from './metadata.ts'
import { open } from './open.ts'
import { receipt } from './receipt.ts'
import { recent } from './recent.ts'
import { retrieve } from './retrieve.ts'
import { reveal } from './reveal.ts'
import { share } from './share.ts'
import { status } from './status.ts'
import { upload } from './upload.ts'

export const secrets: Verbs<typeof contract.secrets> = {
  share,
  generate,
  retrieve,
  metadata,
  burn,
  recent,
  status,
  open,
  reveal,
  upload,
  file,
  receipt,
  burnByReceipt,
  create,
  list,
  burnById,
}
