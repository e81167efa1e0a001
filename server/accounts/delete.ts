import type { contract } from '../../shared/contract/index.ts'
import { record } from '../events/event.ts'
import { atomically } from '../lib/transaction.ts'
import type { Verb } from '../verb.ts'
import { holdAccount } from './held.ts'
import { mustNotBeMarked, mustOwn } from './reach.ts'

/** Deletes an account with its seed and every grant, for good; what was told of it stays. */
export const remove: Verb<typeof contract.accounts.delete> = (ctx, { accountId }) =>
  atomically(ctx.world.db.sql, async (tx) => {
    const account = await holdAccount(tx, ctx.actor, accountId)
    mustOwn(account)
    mustNotBeMarked(ctx.actor, account)
    const { id, project_id: projectId, name } = account
    await tx`delete from accounts where id = ${id}`
    const fact = { projectId, target: `account:${id}`, payload: { account_id: id, name } }
    await record(tx, ctx, { name: 'account.deleted', ...fact })
  })
