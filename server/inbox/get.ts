import type { contract } from '../../shared/contract/index.ts'
import { type ApprovalRow, approvalColumns, present } from '../approvals/approval.ts'
import { mayDecide } from '../approvals/right.ts'
import type { Verb } from '../verb.ts'

/** Of each list of pending approvals; of those that ended; and of how many pending ones, soonest to expire, it looks at. */
const [shown, ended, most] = [50, 20, 5000]

type Waiting = { mine: boolean; place: number; total: number }

/** What needs the asker's decision, what waits for somebody else's, and what ended last. */
export const get: Verb<typeof contract.inbox.get> = async (ctx) => {
  const { sql } = ctx.world.db
  const { projectId } = ctx.actor
  const [waiting, recent] = await Promise.all([
    sql<(ApprovalRow & Waiting)[]>`
      with waiting as (
        select a.id, a.expires_at, ${mayDecide(sql, ctx.actor)} as mine from approvals a
        where a.project_id = ${projectId} and a.status = 'pending' and a.expires_at > now()
        order by a.expires_at limit ${most}
      ), placed as (
        select id, mine, row_number() over (partition by mine order by expires_at, id)::int as place,
          count(*) over (partition by mine)::int as total
        from waiting
      )
      select ${approvalColumns(sql)}, mine, place, total
      from placed join approvals a using (id) join projects p on p.id = a.project_id
      where place <= ${shown} order by place`,
    sql<ApprovalRow[]>`
      select ${approvalColumns(sql)} from approvals a join projects p on p.id = a.project_id
      where a.project_id = ${projectId} and a.ended_at is not null order by a.ended_at desc limit ${ended}`,
  ])
  const [mine, others] = [waiting.filter((row) => row.mine), waiting.filter((row) => !row.mine)]
  return {
    needs_me: mine.map(present),
    waiting: others.map(present),
    recent: recent.map(present),
    key_health: [],
    counts: { needs_me: mine[0]?.total ?? 0, waiting: others[0]?.total ?? 0 },
  }
}
