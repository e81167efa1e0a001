import type { contract } from '../../shared/contract/index.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import type { Verb } from '../verb.ts'
import { findAccount } from './account.ts'
import { grantsOf, presentGrant } from './grant.ts'
import { mustManage } from './reach.ts'

/** When a grant was given, and its id, as a cursor says it. */
const place = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9A-Z]{26})$/

/** Every grant of an account, newest first: whoever was granted anew stands above. */
export const permissions: Verb<typeof contract.accounts.permissions> = async (ctx, { accountId, limit, cursor }) => {
  const { sql } = ctx.world.db
  const account = await findAccount(sql, ctx.actor, accountId)
  mustManage(account)
  const [, at, id] = place.exec(placeOf(cursor, place) ?? '') ?? []
  const rows = await grantsOf(sql, account.id, at && id ? [at, id] : undefined, limit + 1)
  return pageOf(rows, limit, (row) => `${row.granted_at.toISOString()} ${row.id}`, presentGrant)
}
