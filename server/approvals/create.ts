import type { contract } from '../../shared/contract/index.ts'
import { mayTouch } from '../keys/key.ts'
import { once } from '../once.ts'
import type { Verb } from '../verb.ts'
import { makeApproval } from './fresh.ts'

/** Creates an approval (seed 0): row, initial value, events and stored reply are one commit. */
export const create: Verb<typeof contract.approvals.create> = async (ctx, input) => {
  mayTouch(ctx.actor, input.key_path)
  return once(ctx, 'approvals.create', (sql) => makeApproval(sql, ctx, ctx.actor.projectId, input))
}
