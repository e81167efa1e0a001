import type { contract } from '../../shared/contract/index.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { listUsers, presentUser } from './user.ts'

/** People and open invitations of the project, newest first. */
export const list: Verb<typeof contract.users.list> = async (ctx, { q, cursor, limit }) => {
  const place = placeOf(cursor, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [0-9A-Z]{26}$/)
  const [at = '', id = ''] = place?.split(' ') ?? []
  const before = place === undefined ? undefined : { at, id }
  const rows = await listUsers(ctx.world.db.sql, liveProjectOf(ctx.actor), { q, before, limit: limit + 1 })
  return pageOf(rows, limit, (row) => `${row.at.toISOString()} ${row.id}`, presentUser)
}
