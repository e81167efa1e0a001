import type { contract } from '../../shared/contract/index.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import type { Verb } from '../verb.ts'
import { present, reachedBy, selectPermissions, statusOf } from './permission.ts'

/** The permission requests that the asker may see, newest first. */
export const list: Verb<typeof contract.permissions.list> = async (ctx, input) => {
  const { sql } = ctx.world.db
  const before = placeOf(input.cursor, /^[0-9A-Z]{26}$/)
  const rows = await selectPermissions(
    sql,
    ctx.actor.projectId,
    sql`${reachedBy(sql, ctx.actor, 'look')}
      ${input.status === undefined ? sql`` : sql`and ${statusOf(sql)} = ${input.status}`}
      ${input.agent_id === undefined ? sql`` : sql`and p.agent_id = ${input.agent_id}`}
      ${input.action === undefined ? sql`` : sql`and p.action = ${input.action}`}
      ${before === undefined ? sql`` : sql`and p.id < ${before}`}
      order by p.id desc limit ${input.limit + 1}`,
  )
  return pageOf(
    rows,
    input.limit,
    (row) => row.id,
    (row) => present(ctx, row),
  )
}
