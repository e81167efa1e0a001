import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Ctx, Visitor } from '../context.ts'
import type { Verb } from '../verb.ts'
import { waitFor } from '../wait.ts'
import { type ApprovalRow, attemptsLeft, findByLink, linkDigest, topicOf } from './approval.ts'
import { makeCsrf, visitDigest } from './csrf.ts'

/** Shows what a link's holder is asked. Changes nothing, however often and by whatever it is read. */
export const open: Verb<typeof contract.approvals.open> = async (ctx, input) => {
  const { sql } = ctx.world.db
  const digest = linkDigest(ctx.world, input.token)
  const found = await findByLink(sql, digest)
  if (!found) return refuse('NOT_FOUND', { sentence: 'There is no approval behind this link.' })
  if (input.wait === undefined || found.status !== 'pending') return show(ctx, digest, found)
  const seen = await waitFor(
    ctx,
    topicOf(found.id),
    input.wait,
    () => findByLink(sql, digest),
    (row) => row?.status !== 'pending',
  )
  return seen ? show(ctx, digest, seen) : refuse('NOT_FOUND', { sentence: 'There is no approval behind this link.' })
}

function show(ctx: Ctx<Visitor>, digest: Uint8Array, row: ApprovalRow): z.input<typeof contract.approvals.open.output> {
  const visit = ctx.visit ?? ''
  return {
    status: row.status,
    project: row.project,
    key_path: row.key_path,
    info: row.info,
    ref_id: row.ref_id,
    payload: row.payload,
    actions: row.actions.map(({ key, label, style }) => ({ key, label, style })),
    requested_by: { name: row.created_by.name, type: row.created_by.type },
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    server_time: row.now.toISOString(),
    needs: {
      pin: row.pin_hash !== null,
      comment: row.comment,
      match_number: row.match_number !== null,
      sign_in: false,
    },
    attempts_left: attemptsLeft(row),
    csrf_token: makeCsrf(ctx.world, visit, digest),
    action_hash: row.action_hash,
    outcome: row.ended_at ? outcomeOf(row, row.ended_at, visitDigest(ctx.world, visit)) : undefined,
  }
}

function outcomeOf(row: ApprovalRow, endedAt: Date, visit: Buffer) {
  const chosen = row.actions.find((action) => action.key === row.decided_action)
  return {
    at: endedAt.toISOString(),
    action: chosen ? { key: chosen.key, label: chosen.label, style: chosen.style } : null,
    comment: row.decision_comment,
    by_you: row.decided_visit !== null && visit.equals(row.decided_visit),
    reported: row.reported,
  }
}
