import type { contract } from '../../shared/contract/index.ts'
import { entryOf } from '../events/entry.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import type { Verb } from '../verb.ts'
import { columns, matching, type PlacedRow } from './entry.ts'

/** What happened, newest first, in the order of the chain. */
export const list: Verb<typeof contract.audit.list> = async (ctx, input) => {
  const { sql } = ctx.world.db
  const [tick, seq] = placeOf(input.cursor, /^\d{1,16} \d{1,16}$/)?.split(' ') ?? []
  const before = tick === undefined ? sql`` : sql`and (e.tick, e.seq) < (${tick}::bigint, ${seq ?? ''}::bigint)`
  const rows = await sql<PlacedRow[]>`
    select ${columns(sql)} from events e where ${matching(sql, ctx.actor, input)} ${before}
    order by e.tick desc, e.seq desc limit ${input.limit + 1}`
  return pageOf(
    rows,
    input.limit,
    (row) => `${row.tick} ${row.seq}`,
    (row) => entryOf(row, true),
  )
}
