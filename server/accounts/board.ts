import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'
import { type AccountRow, presentAccount, shownTo } from './account.ts'

const most = 2000

type Row = AccountRow & { pinned: boolean; used_at: Date | null }

/** Every account that somebody may use, theirs on top: what they pinned, then what they used last, then by name. */
export const board: Verb<typeof contract.accounts.board> = async ({ world, actor }) => {
  const { sql } = world.db
  const [settings, rows] = await Promise.all([
    sql<{ codes_hidden: boolean }[]>`select codes_hidden from projects where id = ${actor.liveProjectId}`,
    sql<Row[]>`
      select shown.*, coalesce(m.pinned, false) as pinned, m.used_at
      from (${shownTo(sql, actor)}) shown left join account_marks m on m.account_id = shown.id and m.person_id = ${actor.id}
      order by coalesce(m.pinned, false) desc, m.used_at desc nulls last, lower(shown.name), shown.name, shown.id
      limit ${most + 1}`,
  ])
  return {
    items: rows.slice(0, most).map((row) => ({
      ...presentAccount(row),
      pinned: row.pinned,
      used_at: row.used_at?.toISOString() ?? null,
      mine: row.whole,
    })),
    hidden: settings[0]?.codes_hidden ?? true,
    more: rows.length > most,
  }
}
