import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Verb } from '../verb.ts'
import { findAccount } from './account.ts'
import { letOut } from './leaving.ts'
import { mustNotBeMarked, mustOwn } from './reach.ts'

/** Hands the seed of an account out, to whom it is wholly. No grant gives this. */
export const exportOne: Verb<typeof contract.accounts.export> = async (ctx, { accountId }) => {
  const account = await findAccount(ctx.world.db.sql, ctx.actor, accountId)
  mustOwn(account)
  mustNotBeMarked(ctx.actor, account)
  const [leaving] = await letOut(ctx, [account])
  return leaving ?? refuse('NOT_FOUND')
}
