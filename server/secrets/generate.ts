import type { contract } from '../../shared/contract/index.ts'
import { randomText } from '../lib/token.ts'
import type { Verb } from '../verb.ts'
import { custidOf, shareOnce } from './making.ts'
import { metadataOf } from './secret.ts'

/** Letters and digits of which none is mistaken for another: no 0 O o Q, 1 l I i, 2 Z z, 5 S s, 8 B, u v. */
const unambiguous = 'ACDEFGHJKLMNPRTUWXY34679abcdefghjkmnpqrtwxy'

/** Makes a secret of 12 characters (65 random bits) and stores it as `share` does. A `secret` that is sent is not read. */
export const generate: Verb<typeof contract.secrets.generate> = async (ctx, input) => {
  const value = randomText(unambiguous, 12)
  const wish = {
    ...input,
    projectId: ctx.actor.projectId,
    custid: custidOf(ctx),
    content: value,
    encryptedBy: 'server' as const,
    apiKeyText: ctx.keyText,
  }
  return shareOnce(ctx, 'secrets.generate', wish, (made) => ({ ...metadataOf(made, made), value }))
}
