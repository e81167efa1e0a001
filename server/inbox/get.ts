import type { contract } from '../../shared/contract/index.ts'
import { atLeast, roleOf } from '../../shared/roles.ts'
import { type ApprovalRow, approvalColumns, present } from '../approvals/approval.ts'
import { mayDecide } from '../approvals/right.ts'
import type { Ctx, PersonActor } from '../context.ts'
import { alertsOf } from '../keys/alerts.ts'
import { type ShownKey, selectKeys, shownKey } from '../keys/key.ts'
import type { Verb } from '../verb.ts'

/** Of each list of pending approvals; of those that ended; and of how many pending ones, soonest to expire, it looks at. */
const [shown, ended, most] = [50, 20, 5000]

/** Keys that deserve a look, for who may see keys. */
async function keyHealth({ world: { db }, actor }: Ctx<PersonActor>): Promise<ShownKey[]> {
  if (!atLeast(actor.role, roleOf['keys:read'])) return []
  const { sql } = db
  const some = sql`and cardinality(${alertsOf(sql)}) > 0 order by k.id desc limit ${ended}`
  return (await selectKeys(sql, actor.liveProjectId, some)).map(shownKey)
}

type Waiting = { mine: boolean; place: number; total: number }

/** What needs the asker's decision, what waits for somebody else's (also where they gave their vote), and what ended last. */
export const get: Verb<typeof contract.inbox.get> = async (ctx) => {
  const { sql } = ctx.world.db
  const { projectId } = ctx.actor
  const [waiting, recent, alarming] = await Promise.all([
    sql<(ApprovalRow & Waiting)[]>`
      with waiting as (
        select a.id, a.expires_at, (${mayDecide(sql, ctx.actor)}) and (a.groups is null
          or not exists (select 1 from votes v where v.approval_id = a.id and v.person_id = ${ctx.actor.id})) as mine
        from approvals a
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
    keyHealth(ctx),
  ])
  const [mine, others] = [waiting.filter((row) => row.mine), waiting.filter((row) => !row.mine)]
  return {
    needs_me: mine.map(present),
    waiting: others.map(present),
    recent: recent.map(present),
    key_health: alarming,
    counts: { needs_me: mine[0]?.total ?? 0, waiting: others[0]?.total ?? 0 },
  }
}
