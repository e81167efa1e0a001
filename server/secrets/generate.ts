import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Ctx } from '../context.ts'
import { randomText } from '../lib/token.ts'
import type { Verb } from '../verb.ts'
import { custidOf, shareOnce } from './making.ts'
import { openShown, sealShown, type Wrapped } from './sealing.ts'
import { metadataOf } from './secret.ts'

/** Letters and digits of which none is mistaken for another: no 0 O o Q, 1 l I i, 2 Z z, 5 S s, 8 B, u v. */
const unambiguous = 'ACDEFGHJKLMNPRTUWXY34679abcdefghjkmnpqrtwxy'

/** What a repeated request is shown, while the secret can still be read; the reply that is kept dies with it. */
async function shownAgain({ world }: Ctx, at: Wrapped, sealed: Uint8Array): Promise<string> {
  const [row] = await world.db.sql`
    select 1 from secrets where id = ${at.id} and state in ('new', 'viewed') and expires_at > now()`
  return row ? openShown(world, at, sealed) : refuse('UNKNOWN_SECRET')
}

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
  const { at, sealed, reply } = await shareOnce(ctx, 'secrets.generate', wish, async (made) => ({
    at: made.at,
    sealed: (await sealShown(ctx.world, made.at, value)).toString('base64'),
    reply: metadataOf(made, made),
  }))
  return { ...reply, value: ctx.notes.replayed ? await shownAgain(ctx, at, Buffer.from(sealed, 'base64')) : value }
}
