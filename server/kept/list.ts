import type { contract } from '../../shared/contract/index.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import type { Verb } from '../verb.ts'
import { type KeptRow, keptColumns, present } from './kept.ts'

/** What the project keeps for approvals to release, newest first; never a text. */
export const list: Verb<typeof contract.kept.list> = async (ctx, { limit, cursor }) => {
  const { sql } = ctx.world.db
  const before = placeOf(cursor, /^[0-9A-Z]{26}$/) ?? null
  const rows = await sql<KeptRow[]>`
    select ${keptColumns(sql)} from kept_secrets
    where project_id = ${ctx.actor.projectId} and (${before}::text is null or id < ${before}) order by id desc limit ${limit + 1}`
  return pageOf(rows, limit, (row) => row.id, present)
}
