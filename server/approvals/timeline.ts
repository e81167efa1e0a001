import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { atLeast, roleOf } from '../../shared/roles.ts'
import { type EventRow, entryOf, eventColumns } from '../events/entry.ts'
import type { Verb } from '../verb.ts'

/** A permission is asked, answered, used at most 100 times and revoked; of an approval there is less to tell. */
const most = 110

/** What happened to an approval, or to a permission request that nobody had to be asked for, oldest first. */
export const timeline: Verb<typeof contract.approvals.timeline> = async (ctx, input) => {
  const { sql } = ctx.world.db
  const { projectId, role } = ctx.actor
  const { approval_id: id } = input
  const known = await sql`
    select 1 from approvals where id = ${id} and project_id = ${projectId}
    union all select 1 from permissions where id = ${id} and project_id = ${projectId}`
  if (known.length === 0) return refuse('NOT_FOUND', { sentence: 'There is no such approval.' })
  const rows = await sql<EventRow[]>`
    select ${eventColumns(sql)} from events e
    where project_id = ${projectId} and target in (${`approval:${id}`}, ${`permission:${id}`}) order by tick, seq limit ${most}`
  return rows.map((row) => entryOf(row, atLeast(role, roleOf['audit:read'])))
}
