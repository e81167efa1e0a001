import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'
import { claimSecret } from './claim.ts'

/** Reads a secret, once, as whoever holds its link. */
export const reveal: Verb<typeof contract.secrets.reveal> = async (ctx, { secret_key, passphrase, replay }) => {
  const { content, encryptedBy, file } = await claimSecret(ctx, secret_key, { passphrase, replay })
  return { value: content.toString(), encrypted_by: encryptedBy, ...(file && { file }) }
}
