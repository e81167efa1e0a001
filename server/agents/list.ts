import type { contract } from '../../shared/contract/index.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { selectAgents, shownAgent } from './agent.ts'

/** The agents of the project, newest first. */
export const list: Verb<typeof contract.agents.list> = async (ctx, { q, limit, cursor }) => {
  const { sql } = ctx.world.db
  const before = placeOf(cursor, /^[0-9A-Z]{26}$/) ?? null
  const rows = await selectAgents(
    sql,
    liveProjectOf(ctx.actor),
    sql`and (${before}::text is null or g.id < ${before})
      and (${q ?? null}::text is null or strpos(lower(g.name || ' ' || g.description), lower(${q ?? null})) > 0)
      order by g.id desc limit ${limit + 1}`,
  )
  return pageOf(rows, limit, (row) => row.id, shownAgent)
}
