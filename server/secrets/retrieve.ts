import type { contract } from '../../shared/contract/index.ts'
import { Refusal, refuse } from '../../shared/errors.ts'
import type { Verb } from '../verb.ts'
import { claimSecret } from './claim.ts'

/** Reads a secret of the project, once. Seed 4 tells no reason for a no: a wrong passphrase sounds like an unknown link. */
export const retrieve: Verb<typeof contract.secrets.retrieve> = async (ctx, { secret_key, passphrase, replay }) => {
  const { content, file } = await claimSecret(ctx, secret_key, { passphrase, replay }).catch((thrown: unknown) => {
    const isPassphrase =
      thrown instanceof Refusal && (thrown.code === 'PASSPHRASE_REQUIRED' || thrown.code === 'WRONG_PASSPHRASE')
    if (isPassphrase) refuse('UNKNOWN_SECRET', { cause: thrown })
    throw thrown
  })
  return { secret_key, value: content.toString(), ...(file && { file }) }
}
