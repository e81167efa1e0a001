import { oneByOne } from '../rewrapping.ts'
import { resealTarget, type SealedTarget } from './sealing.ts'

/**
 * Puts the addresses of channels under another generation. What services call their messages is forgotten with the old one:
 * an outcome then follows the first message and does not take its place.
 */
export const rewrapChannels = oneByOne<SealedTarget, Uint8Array>({
  next: (sql, to, after, most) => sql`
    select id, project_id, address, generation from channels
    where generation < ${to} and id > ${after} order by id limit ${most}`,
  reseal: resealTarget,
  store: (sql, row, address, to) => sql`
    with moved as (
      update channels set address = ${address}, generation = ${to}
      where id = ${row.id} and generation = ${row.generation} and address = ${row.address} returning id
    ), forgotten as (
      delete from messages where channel_id in (select id from moved)
    )
    select id from moved`,
})
