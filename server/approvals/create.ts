import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { KeyActor, PersonActor } from '../context.ts'
import { mayTouch } from '../keys/reach.ts'
import { mustStillWork } from '../keys/works.ts'
import { atomically } from '../lib/transaction.ts'
import { once } from '../once.ts'
import type { Verb } from '../verb.ts'
import { makeApproval } from './fresh.ts'
import { mustBeMeetable } from './meetable.ts'
import { notifiedBy } from './notify.ts'
import { mustHaveRoom, needsRoom } from './numbers.ts'
import { mustBeReleasable } from './releasable.ts'
import { mailRequest } from './request-mail.ts'

const isOfAgent = (actor: KeyActor | PersonActor): actor is KeyActor => actor.type === 'key' && actor.agent !== null

/**
 * What an agent asks is decided by signed-in people: its own link would let it press its own button, and so would a link
 * that its model was made to follow.
 */
function linkOf(actor: KeyActor | PersonActor, link: 'bearer' | 'signed_in' | undefined) {
  if (!isOfAgent(actor)) return {}
  if (link === 'bearer')
    refuse('INVALID_INPUT', {
      issues: [{ path: 'link', message: 'What an agent asks is decided by signed-in people: leave it out.' }],
    })
  return { link: 'signed_in' as const }
}

/**
 * Creates an approval (seed 0): row, initial value, events, mails and stored reply are one commit. A person who asks from
 * the dashboard counts as its maker.
 */
export const create: Verb<typeof contract.approvals.create> = async (ctx, asked) => {
  const { actor } = ctx
  mayTouch(actor, asked.key_path)
  const input = { ...asked, ...linkOf(actor, asked.link) }
  await mustBeMeetable(ctx, input.approvers)
  await mustBeReleasable(ctx, input.release)
  if (input.notify === undefined && !isOfAgent(actor) && !needsRoom(input))
    return once(ctx, 'approvals.create', (sql) => makeApproval(sql, ctx, actor.projectId, input))
  const notified = await notifiedBy(ctx.world, actor.projectId, input.notify)
  return once(ctx, 'approvals.create', (sql) =>
    atomically(sql, async (tx) => {
      if (isOfAgent(actor)) await mustStillWork(tx, actor)
      if (needsRoom(input)) await mustHaveRoom(tx, ctx, actor.projectId, input)
      const made = await makeApproval(tx, ctx, actor.projectId, input, notified.channels)
      await mailRequest(tx, ctx, actor.projectId, { ...input, notify: notified.addresses }, made)
      return made
    }),
  )
}
