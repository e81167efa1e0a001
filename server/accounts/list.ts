import type { contract } from '../../shared/contract/index.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import type { Verb } from '../verb.ts'
import { type AccountRow, presentAccount, shownTo } from './account.ts'

/** The accounts that whoever asks may use, newest first. `q` is looked for as it is written, in any case. */
export const list: Verb<typeof contract.accounts.list> = async (ctx, { q, tag, limit, cursor }) => {
  const { sql } = ctx.world.db
  const before = placeOf(cursor, /^[0-9A-Z]{26}$/) ?? null
  const [part, label] = [q ?? null, tag ?? null]
  const says = (text: ReturnType<typeof sql>) => sql`strpos(lower(${text}), lower(${part}::text)) > 0`
  const rows = await sql<AccountRow[]>`
    select * from (${shownTo(sql, ctx.actor)}) shown
    where (${before}::text is null or id < ${before})
      and (${label}::text is null or ${label} = any(tags))
      and (${part}::text is null or ${says(sql`name`)} or ${says(sql`issuer`)}
        or exists (select from unnest(tags) as tag where ${says(sql`tag`)}))
    order by id desc limit ${limit + 1}`
  return pageOf(rows, limit, (row) => row.id, presentAccount)
}
