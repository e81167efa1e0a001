import { Refusal } from '../../shared/errors.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { World } from '../world.ts'
import { type Place, reseal } from './sealing.ts'

const most = 200

type Row = {
  id: string
  project_id: string
  url: Uint8Array
  secret: Uint8Array
  previous_secret: Uint8Array | null
  generation: number
}
type Move = { url: Uint8Array; secret: Uint8Array; previous: Uint8Array | null }

/** What a row has sealed, under another generation; undefined when the key that it is under is not here. */
async function moveOf(world: World, row: Row, to: number): Promise<Move | undefined> {
  const moved = (column: Place['column'], sealed: Uint8Array) =>
    reseal(world, { id: row.id, projectId: row.project_id, column }, sealed, row.generation, to)
  try {
    const previous = row.previous_secret && (await moved('previous_secret', row.previous_secret))
    return { url: await moved('url', row.url), secret: await moved('secret', row.secret), previous }
  } catch (error) {
    if (error instanceof Refusal && error.code === 'KEY_MISSING') return undefined
    throw error
  }
}

/**
 * Puts addresses and secrets of the next webhooks after an id under generation `to`; each only if its row still holds what
 * was read. Answers the last id that was looked at, if any, and how many were moved.
 */
export async function rewrapWebhooks(world: World, sql: Sql, to: number, after: string) {
  const rows = await sql<Row[]>`
    select id, project_id, url, secret, previous_secret, generation from webhooks
    where generation < ${to} and id > ${after} order by id limit ${most}`
  let moved = 0
  for (const row of rows) {
    const move = await moveOf(world, row, to)
    if (!move) continue
    const { count } = await sql`
      update webhooks set url = ${move.url}, secret = ${move.secret}, previous_secret = ${move.previous}, generation = ${to}
      where id = ${row.id} and generation = ${row.generation} and url = ${row.url} and secret = ${row.secret}
        and previous_secret is not distinct from ${row.previous_secret}`
    moved += count
  }
  return { last: rows.at(-1)?.id, moved }
}
