import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'
import { custidOf, shareOnce } from './making.ts'
import { metadataOf } from './secret.ts'

/** Makes a secret as the person who is signed in; `notify_me` tells them by mail what becomes of it. */
export const create: Verb<typeof contract.secrets.create> = async (ctx, input) =>
  shareOnce(
    ctx,
    'secrets.create',
    {
      ...input,
      projectId: ctx.actor.projectId,
      custid: custidOf(ctx),
      content: input.secret,
      encryptedBy: input.encrypted_by,
      fileBytes: input.file_bytes,
      notify: input.notify_me ? ctx.actor.email : input.notify,
    },
    (made) => ({ ...metadataOf(made, made), ...(made.upload === undefined ? {} : { upload: made.upload }) }),
  )
