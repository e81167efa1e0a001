import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'
import { custidOf, shareOnce } from './making.ts'
import { metadataOf } from './secret.ts'

/** Stores a secret that can be read once (seed 4); its keys are shown only here. */
export const share: Verb<typeof contract.secrets.share> = async (ctx, input) =>
  shareOnce(
    ctx,
    'secrets.share',
    {
      ...input,
      projectId: ctx.actor.projectId,
      custid: custidOf(ctx),
      content: input.secret,
      encryptedBy: input.encrypted_by,
      fileBytes: input.file_bytes,
      apiKeyText: ctx.keyText,
    },
    (made) => ({ ...metadataOf(made, made), ...(made.upload === undefined ? {} : { upload: made.upload }) }),
  )
