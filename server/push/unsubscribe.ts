import type { contract } from '../../shared/contract/index.ts'
import { atomically } from '../lib/transaction.ts'
import type { Verb } from '../verb.ts'
import { findOwn, forget } from './subscription.ts'

/** Tells one of the asker's browsers nothing any more, nor what is on its way to it. */
export const unsubscribe: Verb<typeof contract.push.unsubscribe> = async (ctx, { id }) => {
  const { id: personId, liveProjectId } = ctx.actor
  return atomically(ctx.world.db.sql, async (tx) => {
    await findOwn(tx, liveProjectId, personId, id)
    await forget(tx, ctx, tx`s.id = ${id}`, 'by_hand')
    return { id }
  })
}
