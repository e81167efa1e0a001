import type { z } from 'zod'
import type { releaseWish } from '../../shared/contract/release.ts'
import { refuse } from '../../shared/errors.ts'
import { reached } from '../accounts/reach.ts'
import type { Ctx, KeyActor, PersonActor } from '../context.ts'
import { mayTouch } from '../keys/reach.ts'

type Wish = z.output<typeof releaseWish>

const missing = (path: string, what: string): never => {
  const message = `There is no such ${what} that may be asked for.`
  return refuse('NOT_FOUND', { sentence: message, issues: [{ path: `release.${path}`, message }] })
}

/**
 * Refuses to ask for what is not there, another project's, or beyond what limits the key: its tags for an account, its paths for
 * a value. No scope is needed to ask. People ask for nothing: they would read by themselves what their role shows them.
 */
export async function mustBeReleasable(ctx: Ctx<KeyActor | PersonActor>, wish: Wish | undefined): Promise<void> {
  const { actor, world } = ctx
  if (!wish) return
  if (actor.type === 'person')
    refuse('INVALID_INPUT', { issues: [{ path: 'release', message: 'Only an API key asks for this.' }] })
  const { sql } = world.db
  const { secret, account, value } = wish
  if (secret !== undefined) {
    const [kept] = await sql`select from kept_secrets where id = ${secret} and project_id = ${actor.projectId}`
    if (!kept) missing('secret', 'release-only secret')
  }
  if (account !== undefined) {
    const [found] = await sql`select from (${reached(sql, actor)}) a where a.id = ${account}`
    if (!found) missing('account', 'account')
  }
  if (value !== undefined) {
    mayTouch(actor, value)
    const [there] = await sql`
      select from "values" where project_id = ${actor.projectId} and key_path = ${value} and value is not null`
    if (!there) missing('value', 'value')
  }
}
