import type { Fragment } from 'postgres'
import { actorRef, type Ctx } from '../context.ts'
import { telling } from '../events/event.ts'

/**
 * Ends a pending approval without a decision and tells of it, in one statement. False when `which`, a condition over `approvals a`, names none that is
 * still pending. The clock is read when the row is held: what expired while this waited for it has expired.
 */
export async function endUndecided(
  ctx: Ctx,
  name: 'approval.invalidated' | 'approval.reported',
  which: Fragment,
): Promise<boolean> {
  const { sql } = ctx.world.db
  const ended = await sql`
    with ended as (
      update approvals a set status = 'invalidated', reported = ${name === 'approval.reported'},
        ended_at = clock_timestamp(), ended_by = ${sql.json(actorRef(ctx.actor))}::jsonb
      where ${which} and status = 'pending' and expires_at > clock_timestamp()
      returning id, project_id, key_path, ref_id
    ), told as (${telling(sql, ctx, {
      name,
      target: sql`'approval:' || id`,
      payload: sql`jsonb_build_object('approval_id', id, 'key_path', key_path, 'ref_id', ref_id)`,
      from: sql`ended`,
    })})
    select id from ended`
  return ended.length === 1
}
