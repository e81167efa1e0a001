import { refuse } from '../../shared/errors.ts'
import type { Ctx } from '../context.ts'
import { hmac } from '../lib/crypto.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { networkOf } from '../lib/network.ts'
import { atomically } from '../lib/transaction.ts'
import { type Person, tellProjects } from '../people/person.ts'
import type { World } from '../world.ts'

/**
 * Counts a guess at the password of an account before it is checked, by account and network together: whoever guesses is
 * stopped, and the owner, who is somewhere else, is not. Unknown addresses count like known ones.
 */
export async function mayGuess(world: World, ctx: Ctx, email: string): Promise<void> {
  const account = hmac(world.keys.pepper, `account ${email}`).toString('base64url')
  const rate = await world.limiter.take('password try', `${account} ${networkOf(ctx.ip)}`)
  if (!rate.allowed)
    refuse('RATE_LIMITED', {
      retryAfter: rate.reset,
      sentence: 'Too many tries at this account from your network; wait a while, or reset the password by mail.',
    })
}

/** Somebody by their address or id. */
type Whom = { email: string } | { id: string | undefined }

async function find(tx: Sql, whom: Whom): Promise<Person | undefined> {
  const [row] = await tx<Person[]>`
    select id, name, email from people
    where ${'email' in whom ? tx`email = ${whom.email}` : tx`id = ${whom.id ?? null}`}`
  return row
}

/**
 * Tells the projects of an account that a sign-in to it failed. Not waited for: how long it takes would tell whether
 * there is such an account.
 */
export function tellFailure(world: World, ctx: Ctx, whom: Whom): void {
  const asked: Ctx = { ...ctx, actor: { type: 'system', name: 'sign-in' } }
  atomically(world.db.sql, async (tx) => {
    const person = await find(tx, whom)
    if (person) await tellProjects(tx, asked, person, 'person.sign_in_failed', {})
  }).catch((err: unknown) => world.log.warn({ err, request_id: ctx.requestId }, 'A failed sign-in was not told'))
}
