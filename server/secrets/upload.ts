import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { CtxOf, Verb } from '../verb.ts'
import { dropUpload, fileDigest, fileOpener, findUpload, finishUpload, partsOf, storePart } from './attachment.ts'
import { sealContent, unwrapKey } from './sealing.ts'
import { wrappedAt } from './secret.ts'

/**
 * Takes the file of a secret, once. Its pieces are stored as they arrive, each by a statement of its own, so that no
 * connection waits for a slow network; together they become readable by the statement that ends the upload. What broke off
 * leaves nothing and can be sent again, and of two at once the first to end has it.
 */
export const upload: Verb<typeof contract.secrets.upload> = async (ctx, input) => {
  const { world, requestId } = ctx
  const { sql } = world.db
  const digest = fileDigest(world, 'upload', input.upload)
  const row = (await findUpload(sql, digest)) ?? refuse('NOT_FOUND')
  const at = wrappedAt(row)
  const opener = fileOpener('upload', at, input.upload)
  const dataKey = (await unwrapKey(world, at, 'upload_key', opener, row.upload_key)) ?? refuse('NOT_FOUND')
  const one = { digest, secretId: row.id, upload: requestId }
  try {
    let part = 0
    for await (const bytes of partsOf(announced(ctx.body, row.file_bytes))) {
      await storePart(sql, { ...one, part, bytes: sealContent(at, dataKey, bytes, part) })
      part++
    }
    await finishUpload(sql, ctx, one, part)
  } catch (fault) {
    // What stays should this fail too is dropped with the next upload that ends well, or with the row.
    await dropUpload(sql, one).catch((more) => world.log.warn({ err: more }, 'Pieces of an upload were left behind'))
    throw fault
  }
}

const wrongLength = (message: string) => refuse('INVALID_INPUT', { sentence: message })

/** The body, exactly as many bytes of it as were announced. */
async function* announced(body: CtxOf<typeof contract.secrets.upload>['body'], bytes: number) {
  let seen = 0
  for await (const chunk of body ?? []) {
    seen += chunk.length
    if (seen > bytes) wrongLength(`The file is larger than the ${bytes} bytes that were announced.`)
    yield chunk
  }
  if (seen < bytes) wrongLength(`The file has ${seen} bytes, and ${bytes} were announced.`)
}
