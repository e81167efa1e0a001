import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { seedOf } from '../lib/totp.ts'
import { atomically } from '../lib/transaction.ts'
import type { Verb } from '../verb.ts'
import { type AccountRow, presentAccount, shownTo } from './account.ts'
import { type Holder, holdMember } from './adding.ts'
import { changeFields, handOn } from './changing.ts'
import { holdAccount } from './held.ts'
import { type Asker, mustManage, mustNotBeMarked, mustOwn, mustTagWithin } from './reach.ts'
import { withNewestKey } from './sealing.ts'

/** Refuses whom an account cannot be handed to. */
const mustBeMember = (member: Holder | undefined): Holder =>
  member ??
  refuse('NOT_FOUND', {
    sentence: 'owner: Nobody with this address is an active member of the project with the role MEMBER or more.',
    issues: [{ path: 'owner', message: 'Must be an active member of the project with the role MEMBER or more.' }],
  })

/** The account after a change; whoever handed it on and has no grant sees it once more, with access that ended just now. */
async function readAfter(tx: Sql, asker: Asker, id: string): Promise<AccountRow> {
  const [shown] = await tx<AccountRow[]>`select * from (${shownTo(tx, asker)}) shown where id = ${id}`
  if (shown) return shown
  const [last] = await tx<AccountRow[]>`
    select a.*, p.name as owner_name, p.email as owner_email, true as whole, a.updated_at as grant_ends, null as codes_max
    from accounts a left join people p on p.id = a.owner_id where a.id = ${id}`
  return last ?? refuse('NOT_FOUND')
}

/** Changes what was sent of an account, and hands it on when `owner` was: one transaction, one event for each. */
export const update: Verb<typeof contract.accounts.update> = (ctx, { accountId, owner, secret, ...fields }) =>
  withNewestKey(ctx.world, () =>
    atomically(ctx.world.db.sql, async (tx) => {
      const { actor } = ctx
      // Before the account, in the order in which whoever shows people out takes both.
      const to = owner === undefined ? undefined : await holdMember(tx, actor, { email: owner })
      const account = await holdAccount(tx, actor, accountId)
      mustManage(account)
      mustNotBeMarked(actor, account)
      if (owner !== undefined || (account.only_by_approval && fields.only_by_approval === false)) mustOwn(account)
      if (fields.tags) mustTagWithin(actor, account, fields.tags)
      await changeFields(tx, ctx, account, fields, secret === undefined ? undefined : seedOf(secret))
      if (owner !== undefined) await handOn(tx, ctx, account, mustBeMember(to))
      return presentAccount(await readAfter(tx, actor, accountId))
    }),
  )
