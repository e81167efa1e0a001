import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { telling } from '../events/event.ts'
import type { Verb } from '../verb.ts'
import { findPermission, isItsToken, type PermissionRow, scopeOf } from './permission.ts'

/** Refuses what takes no use, with the reason as its code. */
function refuseUse({ status, reason }: PermissionRow): never {
  if (status === 'pending') return refuse('PERMISSION_PENDING')
  if (status === 'denied') return refuse('PERMISSION_DENIED', { details: { status, reason } })
  if (status === 'revoked') return refuse('TOKEN_REVOKED')
  return refuse(status === 'used' ? 'TOKEN_USED' : 'TOKEN_EXPIRED')
}

/** Uses a token once. The one statement decides: of racing uses as many succeed as are left. */
export const use: Verb<typeof contract.permissions.use> = async (ctx, { id, token }) => {
  const { sql } = ctx.world.db
  const row = await findPermission(ctx, id, 'use')
  if (!isItsToken(ctx.world, row, token)) return refuse('WRONG_TOKEN')
  const [used] = await sql<{ left: number }[]>`
    with used as (
      update permissions set used = used + 1
      where id = ${id} and project_id = ${ctx.actor.projectId} and answer = 'approved' and revoked_at is null
        and used < uses and granted_until > clock_timestamp()
      returning id, project_id, action, resource, uses - used as left
    ), told as (${telling(sql, ctx, {
      name: 'permission.used',
      target: sql`'permission:' || id`,
      payload: sql`jsonb_build_object('permission_id', id, 'action', action, 'resource', resource, 'uses_remaining', "left")`,
      from: sql`used`,
    })})
    select "left" from used`
  if (!used) return refuseUse(await findPermission(ctx, id, 'use'))
  return {
    success: true,
    status: used.left === 0 ? 'used' : 'approved',
    env: row.env,
    scope: scopeOf(row),
    uses_remaining: used.left,
  }
}
