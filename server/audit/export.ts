import type { contract } from '../../shared/contract/index.ts'
import { entryOf } from '../events/entry.ts'
import { record } from '../events/event.ts'
import type { Streamed, Verb } from '../verb.ts'
import { csvHeader, csvLine } from './csv.ts'
import { aboutAudit } from './drop.ts'
import { columns, matching, type PlacedRow } from './entry.ts'
import { horizon } from './rows.ts'

const pageSize = 1000

const formats: Record<
  'ndjson' | 'csv',
  { type: string; header: string; line(entry: ReturnType<typeof entryOf>): string }
> = {
  ndjson: { type: 'application/x-ndjson', header: '', line: (entry) => `${JSON.stringify(entry)}\n` },
  csv: { type: 'text/csv', header: csvHeader, line: csvLine },
}

/**
 * What happened, oldest first, as it stood when it was asked for: rows are chosen by the transactions that were committed
 * then, so that no transaction is held open for a slow reader. Told of before the first line leaves.
 */
export const export_: Verb<typeof contract.audit.export> = async (ctx, input) => {
  const { sql } = ctx.world.db
  const { projectId } = ctx.actor
  const { type, header, line } = formats[input.format]
  const wanted = matching(sql, ctx.actor, input)
  const [state] = await sql<{ seen: string; final: string; added: string; rows: number }[]>`
    select pg_current_snapshot()::text as seen, ${horizon(sql)}::text as final, tick_offset::text as added, (
      select count(*)::int from events e where ${wanted}) as rows
    from instance`
  if (!state) throw new Error('There is no instance.')
  const payload = { format: input.format, rows: state.rows }
  await record(sql, ctx, { name: 'audit.exported', projectId, target: aboutAudit(projectId), payload })

  async function* chunks() {
    if (header !== '') yield header
    let last = { tick: '-1', seq: '-1' }
    for (;;) {
      const page = await sql<PlacedRow[]>`
        select ${columns(sql)} from events e
        where ${wanted} and (e.tick, e.seq) > (${last.tick}::bigint, ${last.seq}::bigint)
          and case when e.tick < ${state?.final ?? ''}::bigint then true
            else pg_visible_in_snapshot((e.tick - ${state?.added ?? ''}::bigint)::text::xid8, ${state?.seen ?? ''}::pg_snapshot) end
        order by e.tick, e.seq limit ${pageSize}`
      if (page.length > 0) yield page.map((row) => line(entryOf(row, true))).join('')
      if (page.length < pageSize) return
      last = page.at(-1) ?? last
    }
  }
  const day = ctx.world.clock.now().toISOString().slice(0, 10)
  const stream: Streamed = { type, fileName: `audit-${day}.${input.format}`, chunks: chunks() }
  return stream
}
