import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { telling } from '../events/event.ts'
import type { Verb } from '../verb.ts'
import { findApproval, mustBePending } from './approval.ts'

/**
 * Takes back one's vote while it is not decided. The approval is held first, so a vote that is being counted stays. Twice is
 * as good as once.
 */
export const retract: Verb<typeof contract.approvals.retract> = async (ctx, { approval_id: id }) => {
  const { sql } = ctx.world.db
  const { projectId, id: personId } = ctx.actor
  const gone = await sql`
    with held as (
      update approvals a set voted_at = clock_timestamp()
      where id = ${id} and project_id = ${projectId} and status = 'pending' and expires_at > clock_timestamp()
        and exists (select 1 from votes where approval_id = a.id and person_id = ${personId})
      returning id, project_id, key_path, ref_id
    ), gone as (
      delete from votes using held where approval_id = held.id and person_id = ${personId} returning approval_id
    ), told as (${telling(sql, ctx, {
      name: 'approval.vote_retracted',
      target: sql`'approval:' || id`,
      payload: sql`jsonb_build_object('approval_id', id, 'key_path', key_path, 'ref_id', ref_id)`,
      from: sql`held join gone on approval_id = id`,
    })})
    select id from held`
  if (gone.length === 1) return
  const row = await findApproval(sql, projectId, id)
  if (!row) refuse('NOT_FOUND', { sentence: 'There is no such approval.' })
  mustBePending(row)
}
