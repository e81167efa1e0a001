import type { contract } from '../../shared/contract/index.ts'
import { holds } from '../../shared/scopes.ts'
import { pageOf, placeOf } from '../lib/page.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { present, selectChannels } from './channel.ts'

/** The channels of the project, oldest first. A key that may only name them sees no more than it takes to. */
export const list: Verb<typeof contract.channels.list> = async (ctx, { limit, cursor }) => {
  const { world, actor } = ctx
  const after = placeOf(cursor, /^[0-9A-Z]{26}$/) ?? ''
  const rows = await selectChannels(
    world.db.sql,
    liveProjectOf(actor),
    world.db.sql`and id > ${after} order by id limit ${limit + 1}`,
  )
  const inFull = actor.type === 'person' || holds(actor.scopes, 'settings:read')
  const shown = await Promise.all(
    rows.map(async (row) => (inFull ? present(world, row) : { id: row.id, name: row.name, kind: row.kind })),
  )
  return pageOf(
    shown,
    limit,
    ({ id }) => id,
    (one) => one,
  )
}
