import { refuse } from '../../shared/errors.ts'
import type { Ctx } from '../context.ts'
import { networkOf } from '../lib/network.ts'

/** Who is counted: a link from one network, so that whoever guesses does not lock out the recipient; and the link from everywhere. */
const subjectsOf = (ctx: Ctx, linkDigest: Buffer) => {
  const link = linkDigest.toString('base64url')
  return { near: `${link} ${networkOf(ctx.ip)}`, all: link }
}

/**
 * Takes a try at a passphrase, before anything is hashed, and answers how many are left: 5 of a network, 20 of all, in ten
 * minutes. A refused network takes nothing from all the others. Refuses RATE_LIMITED.
 */
export async function takeTry(ctx: Ctx, linkDigest: Buffer): Promise<number> {
  const { limiter } = ctx.world
  const { near, all } = subjectsOf(ctx, linkDigest)
  const here = await limiter.take('passphrase try', near)
  if (!here.allowed) tooMany('from your network', here.reset)
  const everywhere = await limiter.take('passphrase tries', all)
  if (!everywhere.allowed) tooMany('at this link', everywhere.reset)
  return Math.min(here.remaining, everywhere.remaining)
}

/** How many tries are left; takes none. */
export async function triesLeft(ctx: Ctx, linkDigest: Buffer): Promise<number> {
  const { limiter } = ctx.world
  const { near, all } = subjectsOf(ctx, linkDigest)
  return Math.min(await limiter.peek('passphrase try', near), await limiter.peek('passphrase tries', all))
}

function tooMany(whence: string, retryAfter: number): never {
  refuse('RATE_LIMITED', {
    retryAfter,
    sentence: `Too many tries at a passphrase ${whence}; wait and try again. What the link holds is not used up.`,
  })
}
