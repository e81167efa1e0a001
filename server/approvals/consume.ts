import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { actorRef } from '../context.ts'
import { telling } from '../events/event.ts'
import { type Decision, findDecision } from '../receipts/decision.ts'
import { type ReceiptPayload, readReceipt } from '../receipts/jws.ts'
import { publicKey } from '../receipts/keys.ts'
import type { Verb } from '../verb.ts'

/** Whether a receipt is of this decision, which never changes. */
const isOf = (decision: Decision, said: ReceiptPayload): boolean =>
  (['approval_id', 'project', 'action_hash', 'action', 'env', 'decided_at'] as const).every(
    (field) => said[field] === decision[field],
  )

/**
 * Uses a receipt: of all who ask, one is told yes. One statement with the record of it; a permission is held meanwhile, so
 * that one which was revoked, or whose time is over, lets nobody through.
 */
export const consume: Verb<typeof contract.approvals.consume> = async (ctx, input) => {
  const { sql } = ctx.world.db
  const { projectId } = ctx.actor
  const { approval_id: id } = input
  const decision = await findDecision(ctx, id, 'approvals:write')
  const said = await readReceipt(input.receipt, (kid) => publicKey(ctx.world, kid))
  if (!said || !isOf(decision, said)) return refuse('WRONG_RECEIPT')
  const [used] = await sql<{ at: Date }[]>`
    with asked as (
      select id, revoked_at is not null or granted_until <= clock_timestamp() as ended from permissions
      where id = ${id} and project_id = ${projectId} for share
    ), used as (
      insert into consumed_receipts (approval_id, project_id, by)
      select ${id}, ${projectId}, ${sql.json(actorRef(ctx.actor))}::jsonb
      where not exists (select from asked where ended)
      on conflict do nothing returning approval_id, project_id, at
    ), told as (${telling(sql, ctx, {
      name: 'approval.receipt_consumed',
      target: sql`case when exists (select from approvals where id = approval_id) then 'approval:' else 'permission:' end || approval_id`,
      payload: sql`jsonb_build_object('approval_id', approval_id)`,
      from: sql`used`,
    })})
    select at from used`
  if (used) return { approval_id: id, consumed_at: used.at.toISOString() }
  const [asked] = await sql<{ revoked: boolean; used: boolean }[]>`
    select revoked_at is not null as revoked,
      exists (select from consumed_receipts where approval_id = ${id}) as used
    from permissions where id = ${id} and project_id = ${projectId}`
  if (!asked || asked.used) return refuse('RECEIPT_USED')
  return refuse(asked.revoked ? 'TOKEN_REVOKED' : 'TOKEN_EXPIRED')
}
