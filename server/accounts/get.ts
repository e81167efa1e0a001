import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'
import { findAccount, presentAccount } from './account.ts'

/** All of an account but its seed and its code. */
export const get: Verb<typeof contract.accounts.get> = async (ctx, { accountId }) =>
  presentAccount(await findAccount(ctx.world.db.sql, ctx.actor, accountId))
