import type { contract } from '../../shared/contract/index.ts'
import { actorRef } from '../context.ts'
import { telling } from '../events/event.ts'
import type { Verb } from '../verb.ts'
import { findPermission, present } from './permission.ts'

/**
 * Ends a permission: withdraws what nobody has answered, stops a token that still works. One statement, the approval
 * first, in the order in which a decision holds them. When a decision came between, it is looked at once more.
 */
export const revoke: Verb<typeof contract.permissions.revoke> = async (ctx, { id, reason = null }) => {
  const { sql } = ctx.world.db
  for (;;) {
    const row = await findPermission(ctx, id, 'end')
    if (row.status !== 'pending' && row.status !== 'approved') return present(ctx, row)
    await sql`
      with withdrawn as (
        update approvals set status = 'invalidated', ended_at = clock_timestamp(),
          ended_by = ${sql.json(actorRef(ctx.actor))}::jsonb
        where id = ${id} and project_id = ${ctx.actor.projectId} and status = 'pending' and expires_at > clock_timestamp()
        returning id, project_id, key_path, ref_id
      ), revoked as (
        update permissions set revoked_at = clock_timestamp(), reason = ${reason}
        where id = ${id} and project_id = ${ctx.actor.projectId} and revoked_at is null
          and (exists (select 1 from withdrawn)
            or (answer = 'approved' and used < uses and granted_until > clock_timestamp()))
        returning id, project_id, action, resource, reason
      ), told_withdrawn as (${telling(sql, ctx, {
        name: 'approval.invalidated',
        target: sql`'approval:' || id`,
        payload: sql`jsonb_build_object('approval_id', id, 'key_path', key_path, 'ref_id', ref_id)`,
        from: sql`withdrawn`,
      })}), told as (${telling(sql, ctx, {
        name: 'permission.revoked',
        target: sql`'permission:' || id`,
        payload: sql`jsonb_build_object('permission_id', id, 'action', action, 'resource', resource, 'reason', reason)`,
        from: sql`revoked`,
      })})
      select id from revoked`
  }
}
