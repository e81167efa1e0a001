import type { Rewrap } from '../rewrapping.ts'

const most = 1000

/** Puts asks under another generation. An ask names its generation and keeps no key under it. */
export const rewrapAsks: Rewrap = async (_world, sql, to, after) => {
  const rows = await sql<{ id: string }[]>`
    select id from asks where key_version < ${to} and id > ${after} order by id limit ${most}`
  const moved = await sql`update asks set key_version = ${to} where id = any(${rows.map(({ id }) => id)}::text[])`
  return { last: rows.at(-1)?.id, moved: moved.count }
}
