import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { endStandingYes } from './standing.ts'

/** Ends a standing yes before its time: from now on a person is asked again. Whoever may decide may, whoever gave it. */
export const endStanding: Verb<typeof contract.policies.endStanding> = async (ctx, { id }) => {
  const ended = await endStandingYes(ctx.world.db.sql, ctx, liveProjectOf(ctx.actor), id)
  return ended ? { id } : refuse('NOT_FOUND', { sentence: 'There is no such standing yes, or it has ended.' })
}
