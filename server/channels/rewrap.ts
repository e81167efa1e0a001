import { Refusal } from '../../shared/errors.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { World } from '../world.ts'
import { resealTarget, type SealedTarget } from './sealing.ts'

const most = 200

/** A channel's address under another generation; undefined when the key that it is under is not here. */
async function moveOf(world: World, row: SealedTarget, to: number): Promise<Buffer | undefined> {
  try {
    return await resealTarget(world, row, to)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'KEY_MISSING') return undefined
    throw error
  }
}

/**
 * Puts the addresses of the next channels after an id under generation `to`; each only if its row still holds what was read.
 * What services call their messages is forgotten with the old generation: an outcome then follows the first message and does
 * not take its place. Answers the last id that was looked at, if any, and how many were moved.
 */
export async function rewrapChannels(world: World, sql: Sql, to: number, after: string) {
  const rows = await sql<SealedTarget[]>`
    select id, project_id, address, generation from channels
    where generation < ${to} and id > ${after} order by id limit ${most}`
  let moved = 0
  for (const row of rows) {
    const address = await moveOf(world, row, to)
    if (!address) continue
    const [done] = await sql`
      with moved as (
        update channels set address = ${address}, generation = ${to}
        where id = ${row.id} and generation = ${row.generation} and address = ${row.address} returning id
      ), forgotten as (
        delete from messages where channel_id in (select id from moved)
      )
      select id from moved`
    if (done) moved++
  }
  return { last: rows.at(-1)?.id, moved }
}
