import type { contract } from '../../shared/contract/index.ts'
import { pendingFor } from '../approvals/approval.ts'
import { mayTouch } from '../keys/reach.ts'
import type { Verb } from '../verb.ts'

/** Seed 0's "is there a pending approval for this key": the newest, and all of them. */
export const pending: Verb<typeof contract.values.pending> = async (ctx, input) => {
  mayTouch(ctx.actor, input.key_path)
  const approvals = await pendingFor(ctx.world.db.sql, ctx.actor.projectId, input.key_path)
  return { pending: approvals[0] ?? null, approvals }
}
