import { signerOf } from '../audit/chain.ts'
import { headOf, newestSeal } from '../audit/rows.ts'
import type { Ctx, KeyActor, PersonActor } from '../context.ts'
import { waitFor } from '../wait.ts'
import type { ReceiptPayload } from './jws.ts'

/** Seconds that a receipt waits for the seal of its own decision. Sealing is half a second behind, two at most. */
const patience = 2.5

/**
 * The newest sealed head of the audit log, which covers the decision: right after it, this waits until it does. Where sealing
 * is held up, the newest there is; null when nothing was ever sealed.
 */
export async function headOver(
  ctx: Ctx<KeyActor | PersonActor>,
  approvalId: string,
): Promise<ReceiptPayload['audit_head']> {
  const { sql } = ctx.world.db
  const { projectId } = ctx.actor
  const [decision] = await sql<{ tick: number | null }[]>`
    select max(tick)::float8 as tick from events
    where project_id = ${projectId} and target in (${`approval:${approvalId}`}, ${`permission:${approvalId}`})
      and name in ('approval.executed', 'permission.requested')`
  // What the retention has dropped was sealed before.
  const tick = decision?.tick ?? 0
  const seal = await waitFor(
    ctx,
    `events ${projectId}`,
    patience,
    () => newestSeal(sql, projectId),
    (newest) => newest !== undefined && newest.to_tick > tick,
  )
  if (!seal) return null
  const { project_id: _, ...head } = headOf(seal, signerOf(ctx.world.keys.signing))
  return head
}
