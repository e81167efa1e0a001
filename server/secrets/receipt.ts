import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Verb } from '../verb.ts'
import { metadataDigest } from './sealing.ts'
import { findByReceipt, receiptOf, unix } from './secret.ts'

/** What became of a secret, for who holds the receipt's link. Changes nothing. */
export const receipt: Verb<typeof contract.secrets.receipt> = async (ctx, { metadata_key: metadataKey }) => {
  const row = await findByReceipt(ctx.world.db.sql, metadataDigest(ctx.world, metadataKey))
  if (!row) return refuse('NOT_FOUND', { sentence: 'There is no secret behind this receipt, or its time is long up.' })
  return {
    ...receiptOf(row, metadataKey),
    ...(row.state === 'burned' && row.ended_at ? { burned: unix(row.ended_at) } : {}),
    contested: row.contested_at !== null,
    encrypted_by: row.encrypted_by,
    memo: row.memo,
    server_time: row.now.toISOString(),
  }
}
