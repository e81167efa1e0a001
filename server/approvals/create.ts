import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { mayTouch } from '../keys/reach.ts'
import { atomically } from '../lib/transaction.ts'
import { mailIsOn } from '../mails/mail.ts'
import { once } from '../once.ts'
import type { Verb } from '../verb.ts'
import { makeApproval } from './fresh.ts'
import { mailRequest } from './request-mail.ts'

/**
 * Creates an approval (seed 0): row, initial value, events, mails and stored reply are one commit. A person who asks from
 * the dashboard counts as its maker.
 */
export const create: Verb<typeof contract.approvals.create> = async (ctx, input) => {
  const { projectId } = ctx.actor
  mayTouch(ctx.actor, input.key_path)
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
