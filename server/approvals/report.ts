import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { actorRef } from '../context.ts'
import { telling } from '../events/event.ts'
import type { Verb } from '../verb.ts'
import { findByLink, linkDigest, mustBePending } from './approval.ts'
import { checkCsrf } from './csrf.ts'

/** "This wasn't expected": ends the approval without a decision and marks it, so that the project sees it was not wanted. */
export const report: Verb<typeof contract.approvals.report> = async (ctx, input) => {
  const { sql } = ctx.world.db
  const digest = linkDigest(ctx.world, input.token)
  if (ctx.visit === undefined || checkCsrf(ctx.world, ctx.visit, digest, input.csrf_token) === undefined)
    return refuse('CSRF_FAILED')
  const [ended] = await sql`
    with ended as (
      update approvals set status = 'invalidated', reported = true, ended_at = clock_timestamp(),
        ended_by = ${sql.json(actorRef(ctx.actor))}::jsonb
      where link_digest = ${digest} and status = 'pending' and expires_at > clock_timestamp()
      returning id, project_id, key_path, ref_id
    ), told as (${telling(sql, ctx, {
      name: 'approval.reported',
      target: sql`'approval:' || id`,
      payload: sql`jsonb_build_object('approval_id', id, 'key_path', key_path, 'ref_id', ref_id)`,
      from: sql`ended`,
    })})
    select id from ended`
  if (ended) return
  const now = await findByLink(sql, digest)
  if (now?.reported) return
  mustBePending(now)
}
