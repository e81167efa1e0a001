import type { KeyActor } from '../server/context.ts'
import type { World } from '../server/world.ts'
import { as, asVisitor } from './as.ts'
import { makeApproval } from './make.ts'

type Decision = { action?: string; pin?: string; comment?: string; match_number?: string; action_hash?: string }

/** An approval with its page open in a browser of its own, and a way to press a button of it. */
export async function opened(world: World, actor: KeyActor, wish: Parameters<typeof makeApproval>[2] = {}) {
  const made = await makeApproval(world, actor, wish)
  const visitor = asVisitor(world)
  const { csrf_token, action_hash } = await visitor.approvals.open({ token: made.token })
  const act = (decision: Decision = {}) =>
    visitor.approvals.act({ token: made.token, action: 'approve', csrf_token, action_hash, ...decision })
  const read = () => as(world, actor).approvals.get({ approval_id: made.approval_id })
  return { ...made, act, visitor, csrf_token, read }
}
