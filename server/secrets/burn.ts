import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'
import { burnSecret } from './ending.ts'
import { metadataDigest } from './sealing.ts'
import { findByReceipt, metadataOf, receiptOf } from './secret.ts'

/** Burns a secret by its `metadata_key` (seed 4). Only its key is proof of anything: a passphrase is neither asked nor read. */
export const burn: Verb<typeof contract.secrets.burn> = async (ctx, { metadata_key }) => {
  const { world, actor } = ctx
  const digest = metadataDigest(world, metadata_key)
  let secretKey: string | null | undefined
  const { row, first } = await burnSecret(ctx, async () => {
    const found = await findByReceipt(world.db.sql, digest)
    if (found?.project_id !== actor.projectId) return undefined
    // Once it is burned nobody knows its key any more.
    secretKey ??= receiptOf(found, metadata_key).secret_key
    return found
  })
  return {
    ...metadataOf(row, { metadataKey: metadata_key, secretKey: null }),
    status: row.state,
    secret_shortkey: first ? (secretKey?.slice(0, 6) ?? '') : '',
  }
}
