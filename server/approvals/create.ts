import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { KeyActor, PersonActor } from '../context.ts'
import { mayTouch } from '../keys/reach.ts'
import { atomically } from '../lib/transaction.ts'
import { mailIsOn } from '../mails/mail.ts'
import { once } from '../once.ts'
import type { Verb } from '../verb.ts'
import { makeApproval } from './fresh.ts'
import { mailRequest } from './request-mail.ts'

/**
 * What an agent asks is decided by signed-in people: its own link would let it press its own button, and so would a link
 * that its model was made to follow.
 */
function linkOf(actor: KeyActor | PersonActor, link: 'bearer' | 'signed_in' | undefined) {
  if (actor.type !== 'key' || !actor.agent) return {}
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
  const { projectId } = ctx.actor
  mayTouch(ctx.actor, asked.key_path)
  const input = { ...asked, ...linkOf(ctx.actor, asked.link) }
  const { notify } = input
  if (notify === undefined) return once(ctx, 'approvals.create', (sql) => makeApproval(sql, ctx, projectId, input))
  if (!mailIsOn(ctx.world)) refuse('MAIL_OFF')
  return once(ctx, 'approvals.create', (sql) =>
    atomically(sql, async (tx) => {
      const made = await makeApproval(tx, ctx, projectId, input)
      await mailRequest(tx, ctx, projectId, input, made)
      return made
    }),
  )
}
