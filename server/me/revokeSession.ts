import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { atomically } from '../lib/transaction.ts'
import { endSessions } from '../people/open-session.ts'
import type { Verb } from '../verb.ts'

export const revokeSession: Verb<typeof contract.me.revokeSession> = async (ctx, { id }) => {
  const ended = await atomically(ctx.world.db.sql, (tx) => endSessions(tx, ctx, { personId: ctx.actor.id, id }))
  if (ended === 0) refuse('NOT_FOUND')
}
