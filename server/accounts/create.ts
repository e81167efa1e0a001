import type { contract } from '../../shared/contract/index.ts'
import { record } from '../events/event.ts'
import { seedOf } from '../lib/totp.ts'
import { atomically } from '../lib/transaction.ts'
import { once } from '../once.ts'
import type { Verb } from '../verb.ts'
import { findAccount, presentAccount } from './account.ts'
import { addAccounts } from './adding.ts'
import { withNewestKey } from './sealing.ts'

/** Adds one account. Its seed is sealed here and leaves only through `export`. */
export const create: Verb<typeof contract.accounts.create> = (ctx, { secret, ...wish }) =>
  withNewestKey(ctx.world, () =>
    once(ctx, 'accounts.create', (sql) =>
      atomically(sql, async (tx) => {
        const { actor } = ctx
        const [id = ''] = await addAccounts(tx, ctx, [{ ...wish, seed: seedOf(secret) }])
        const fact = {
          projectId: actor.projectId,
          target: `account:${id}`,
          payload: { account_id: id, name: wish.name },
        }
        await record(tx, ctx, { name: 'account.created', ...fact })
        return presentAccount(await findAccount(tx, actor, id))
      }),
    ),
  )
