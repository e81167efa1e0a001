import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'
import { type AccountRow, shownTo } from './account.ts'
import { letOut } from './leaving.ts'

/** Hands out the seeds of the accounts that somebody owns, not of those that they only administer. All or none. */
export const exportOwn: Verb<typeof contract.accounts.exportOwn> = async (ctx) => {
  const { sql } = ctx.world.db
  const own = await sql<AccountRow[]>`
    select * from (${shownTo(sql, ctx.actor)}) shown where owner_id = ${ctx.actor.id} order by lower(name), id`
  return { otpauth_uris: (await letOut(ctx, own)).map(({ otpauth_uri }) => otpauth_uri) }
}
