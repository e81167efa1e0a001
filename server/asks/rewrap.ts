import type { Sql } from '../lib/driver/connect.ts'
import type { World } from '../world.ts'

const most = 1000

/** Puts the next asks after an id under generation `to`. An ask names its generation and keeps no key under it. */
export async function rewrapAsks(_world: World, sql: Sql, to: number, after: string) {
  const rows = await sql<{ id: string }[]>`
    select id from asks where key_version < ${to} and id > ${after} order by id limit ${most}`
  const moved = await sql`update asks set key_version = ${to} where id = any(${rows.map(({ id }) => id)}::text[])`
  return { last: rows.at(-1)?.id, moved: moved.count }
}
