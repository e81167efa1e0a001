import type { contract } from '../../shared/contract/index.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { present, selectPolicies } from './policy.ts'

/** The policies of the project in the order in which they are asked; standing yeses that have ended do not count. */
export const list: Verb<typeof contract.policies.list> = async (ctx, input) => {
  const { sql } = ctx.world.db
  const [position, id] = placeOf(input.cursor, /^\d{1,9} [0-9A-Z]{26}$/)?.split(' ') ?? []
  const after = id === undefined ? sql`` : sql`and (position, id) > (${Number(position)}::int, ${id})`
  const rows = await selectPolicies(
    sql,
    liveProjectOf(ctx.actor),
    sql`${after} order by position, id limit ${input.limit + 1}`,
  )
  return pageOf(rows, input.limit, (row) => `${row.position} ${row.id}`, present)
}
