import type { contract } from '../../shared/contract/index.ts'
import { atomically } from '../lib/transaction.ts'
import { endSessions } from '../people/open-session.ts'
import type { Verb } from '../verb.ts'

export const revokeOtherSessions: Verb<typeof contract.me.revokeOtherSessions> = async (ctx) => {
  const which = { personId: ctx.actor.id, but: ctx.actor.sessionId }
  return { ended: await atomically(ctx.world.db.sql, (tx) => endSessions(tx, ctx, which)) }
}
