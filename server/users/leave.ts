import type { contract } from '../../shared/contract/index.ts'
import { atomically } from '../lib/transaction.ts'
import type { Verb } from '../verb.ts'
import { endMembership } from './ending.ts'
import { lockPeople, memberOf } from './membership.ts'

/** Leaves the project, as whatever one is in it. */
export const leave: Verb<typeof contract.users.leave> = async (ctx) => {
  const { id, liveProjectId } = ctx.actor
  await atomically(ctx.world.db.sql, async (tx) => {
    await lockPeople(tx, liveProjectId)
    const me = await memberOf(tx, liveProjectId, id)
    if (me) await endMembership(tx, ctx, liveProjectId, me)
  })
}
