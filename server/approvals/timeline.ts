import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { atLeast, roleOf } from '../../shared/roles.ts'
import { type EventRow, entryOf, eventColumns } from '../events/entry.ts'
import type { Verb } from '../verb.ts'
import { findApproval } from './approval.ts'

/** Five wrong guesses, a creation and an end are all that can happen to one approval. */
const most = 50

/** What happened to an approval, oldest first. */
export const timeline: Verb<typeof contract.approvals.timeline> = async (ctx, input) => {
  const { sql } = ctx.world.db
  const { projectId, role } = ctx.actor
  if (!(await findApproval(sql, projectId, input.approval_id)))
    return refuse('NOT_FOUND', { sentence: 'There is no such approval.' })
  const rows = await sql<EventRow[]>`
    select ${eventColumns(sql)} from events e
    where project_id = ${projectId} and target = ${`approval:${input.approval_id}`} order by tick, seq limit ${most}`
  return rows.map((row) => entryOf(row, atLeast(role, roleOf['audit:read'])))
}
