import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'
import { burnSecret } from './ending.ts'
import { metadataDigest } from './sealing.ts'
import { findByReceipt } from './secret.ts'

/** Burns a secret as whoever holds the link to its receipt. */
export const burnByReceipt: Verb<typeof contract.secrets.burnByReceipt> = async (ctx, { metadata_key }) => {
  const { world } = ctx
  const digest = metadataDigest(world, metadata_key)
  await burnSecret(ctx, () => findByReceipt(world.db.sql, digest))
}
