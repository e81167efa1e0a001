import type { contract } from '../../shared/contract/index.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { selectKeys, shownKey } from './key.ts'

/** The keys of the project and its twin, newest first, ended ones included. */
export const list: Verb<typeof contract.keys.list> = async (ctx, { q, status, limit, cursor }) => {
  const { sql } = ctx.world.db
  const before = placeOf(cursor, /^[0-9A-Z]{26}$/) ?? null
  const rows = await selectKeys(
    sql,
    liveProjectOf(ctx.actor),
    sql`and (${before}::text is null or k.id < ${before})
      and (${status ?? null}::text is null or status = ${status ?? null})
      and (${q ?? null}::text is null or strpos(lower(k.name || ' ' || k.description), lower(${q ?? null})) > 0)
      order by k.id desc limit ${limit + 1}`,
  )
  return pageOf(rows, limit, (row) => row.id, shownKey)
}
