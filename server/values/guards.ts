import type { contract } from '../../shared/contract/index.ts'
import type { ActorRef } from '../../shared/words.ts'
import type { Verb } from '../verb.ts'

type Row = { key_path: string; created_at: Date; created_by: ActorRef }

/** The paths that people marked "only by approval". */
export const guards: Verb<typeof contract.values.guards> = async ({ world, actor }) => {
  const rows = await world.db.sql<Row[]>`
    select key_path, created_at, created_by from guarded_paths where project_id = ${actor.projectId} order by key_path`
  return rows.map((row) => ({ ...row, created_at: row.created_at.toISOString() }))
}
