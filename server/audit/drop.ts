import { events } from '../../shared/events.ts'
import { systemCtx } from '../context.ts'
import { record } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import type { World } from '../world.ts'
import { macOf, type RowTexts } from './chain.ts'
import { asTexts } from './rows.ts'

const about = (projectId: string) => `audit:${projectId}`

/** What the chain says was dropped last: everything up to seal `through`, `rows` entries altogether. Only our own word counts. */
export async function dropOf(
  sql: Sql,
  keys: { audit: Uint8Array },
  projectId: string,
): Promise<{ through: number; rows: number } | undefined> {
  const told = await sql<RowTexts[]>`
    select ${asTexts(sql)} from events
    where project_id = ${projectId} and target = ${about(projectId)} and name = 'audit.dropped'
    order by events.seq desc`
  const row = told.find((one) => Buffer.compare(macOf(keys.audit, one), one.mac) === 0)
  return row && events['audit.dropped'].parse(JSON.parse(row.payload))
}

type Due = { project_id: string; number: number; rows: number }

/** Newest seals that are older than their project's retention, where something is there to drop for a day already. */
const overdue = (sql: Sql) => sql<Due[]>`
  select p.id as project_id, old.number, old.total::float8 as rows
  from projects p left join projects live on live.id = p.test_of,
    lateral (select coalesce(p.audit_days, live.audit_days) as days) as kept,
    lateral (
      select number, total, to_tick from seals where project_id = p.id and at < now() - make_interval(days => days)
      order by number desc limit 1) as old
  where days is not null and exists (
    select from events e where e.project_id = p.id and e.tick < old.to_tick and e.at < now() - make_interval(days => days + 1))`

/**
 * Drops whole sealed ranges that are older than the retention, at most once a day for each project; seals stay. The entry
 * that tells of it is in the same commit, and the database refuses to drop without it. Answers how many projects lost rows.
 */
export async function dropOld(world: World): Promise<number> {
  const { sql } = world.db
  const ctx = systemCtx(world, 'retention')
  const due = await overdue(sql)
  for (const { project_id, number, rows } of due)
    await atomically(sql, async (tx) => {
      // Held, so that of two nodes the second finds nothing to drop.
      await tx`select from projects where id = ${project_id} for no key update`
      const [still] = await tx`
        select from events where project_id = ${project_id} and tick < (
          select to_tick from seals where project_id = ${project_id} and number = ${number}) limit 1`
      if (!still) return
      const payload = { through: number, rows }
      await record(tx, ctx, { name: 'audit.dropped', projectId: project_id, target: about(project_id), payload })
      await tx`select drop_audit(${project_id}, ${number})`
    })
  return due.length
}

/** What an entry about the log itself is about. */
export { about as aboutAudit }
