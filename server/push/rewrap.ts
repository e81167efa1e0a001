import { Refusal } from '../../shared/errors.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { World } from '../world.ts'
import { resealBrowser } from './sealing.ts'

const most = 200

type Row = { id: string; sealed: Uint8Array; generation: number }

async function moveOf(world: World, row: Row, to: number): Promise<Buffer | undefined> {
  try {
    return await resealBrowser(world, row, to)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'KEY_MISSING') return undefined
    throw error
  }
}

/**
 * Puts the next browsers after an id under generation `to`; each only if its row still holds what was read. Answers the last
 * id that was looked at, if any, and how many were moved.
 */
export async function rewrapBrowsers(world: World, sql: Sql, to: number, after: string) {
  const rows = await sql<Row[]>`
    select id, sealed, generation from push_subscriptions where generation < ${to} and id > ${after} order by id limit ${most}`
  let moved = 0
  for (const row of rows) {
    const sealed = await moveOf(world, row, to)
    if (!sealed) continue
    const { count } = await sql`
      update push_subscriptions set sealed = ${sealed}, generation = ${to}
      where id = ${row.id} and generation = ${row.generation} and sealed = ${row.sealed}`
    moved += count
  }
  return { last: rows.at(-1)?.id, moved }
}
