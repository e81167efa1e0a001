import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import { type FieldIssue, refuse } from '../../shared/errors.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import type { Verb } from '../verb.ts'
import { type AccountRow, findAccount } from './account.ts'
import { holdMember } from './adding.ts'
import { presentGrant } from './grant.ts'
import { findGrantee, holdGrantee, type Named, type PresentGrantee } from './grantee.ts'
import { type GrantWish, grantTo, revokeFrom } from './granting.ts'
import { holdAccount } from './held.ts'
import { type Asker, mustManage, mustNotBeMarked } from './reach.ts'

type Input = z.output<typeof contract.accounts.permit.input>

const invalid = (...issues: FieldIssue[]) => refuse('INVALID_INPUT', { issues })

/** Whom the request names. Refuses INVALID_INPUT for nobody and for two. */
function namedIn({ email, key_id }: Input): Named {
  if (email !== undefined && key_id === undefined) return { email }
  if (key_id !== undefined && email === undefined) return { key_id }
  return invalid({ path: 'email', message: 'Send either email or key_id.' })
}

/** What is granted. Refuses INVALID_INPUT for what does not go together. */
function wishIn({ role, codes, minutes, expires_at }: Input): GrantWish {
  if (minutes !== undefined && expires_at !== undefined)
    invalid({ path: 'expires_at', message: 'Send either minutes or expires_at.' })
  if (codes !== undefined && minutes === undefined && expires_at === undefined)
    invalid({ path: 'codes', message: 'A number of codes needs an end: send minutes or expires_at.' })
  if (codes !== undefined && role !== 'viewer')
    invalid({ path: 'role', message: 'Who is given codes by count is a viewer of the account.' })
  return { role, codes: codes ?? null, minutes: minutes ?? null, expiresAt: expires_at ?? null }
}

/** Refuses INSUFFICIENT_ROLE to a viewer of the project who would manage an account: they change nothing in it. */
function mustBeFit({ role }: PresentGrantee, wish: GrantWish): void {
  const message = 'A VIEWER of the project is given codes only; an admin can change their role.'
  if (role === 'VIEWER' && wish.role === 'manager')
    refuse('INSUFFICIENT_ROLE', { sentence: message, issues: [{ path: 'role', message }] })
}

/** The account, for whoever may grant it; held until the transaction ends, and so is a person's membership. */
async function holdManaged(tx: Sql, asker: Asker, accountId: string): Promise<AccountRow> {
  if (asker.type === 'person' && !(await holdMember(tx, asker, { id: asker.id }))) refuse('INSUFFICIENT_ROLE')
  const account = await holdAccount(tx, asker, accountId)
  mustManage(account)
  mustNotBeMarked(asker, account)
  return account
}

/** Grants access to an account, or ends a grant; at once on every node, since every look reads the grant's row. */
export const permit: Verb<typeof contract.accounts.permit> = async (ctx, input) => {
  const { actor } = ctx
  const { sql } = ctx.world.db
  const named = namedIn(input)
  const wish = input.action === 'grant' ? wishIn(input) : undefined
  // Whoever may not grant it hears nothing of who is in the project.
  mustManage(await findAccount(sql, actor, input.accountId))
  return atomically(sql, async (tx) => {
    if (!wish) {
      const grantee = await findGrantee(tx, actor, named)
      const gone = await revokeFrom(tx, ctx, await holdManaged(tx, actor, input.accountId), grantee)
      return { ...presentGrant(gone), status: 'revoked' }
    }
    // Before the account, in the order in which whoever shows people out takes both.
    const grantee = await holdGrantee(tx, actor, named)
    mustBeFit(grantee, wish)
    return presentGrant(await grantTo(tx, ctx, await holdManaged(tx, actor, input.accountId), grantee, wish))
  })
}
