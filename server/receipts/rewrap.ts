import { Refusal } from '../../shared/errors.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { World } from '../world.ts'
import { resealSeed, type SealedSeed } from './sealing.ts'

const most = 200

type Row = SealedSeed & { kid: string }

/** A row's private half under another generation; undefined when the key that it is under is not here. */
async function moveOf(world: World, row: Row, to: number): Promise<Uint8Array | undefined> {
  try {
    return await resealSeed(world, row.kid, row, to)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'KEY_MISSING') return undefined
    throw error
  }
}

/**
 * Puts the next signing keys after a kid under generation `to`; each only if its row still holds what was read. Answers the
 * last kid that was looked at, if any, and how many were moved.
 */
export async function rewrapSigningKeys(world: World, sql: Sql, to: number, after: string) {
  const rows = await sql<Row[]>`
    select kid, sealed, generation from signing_keys
    where generation < ${to} and kid collate "C" > ${after} order by kid collate "C" limit ${most}`
  let moved = 0
  for (const row of rows) {
    const sealed = await moveOf(world, row, to)
    if (!sealed) continue
    const { count } = await sql`
      update signing_keys set sealed = ${sealed}, generation = ${to}
      where kid = ${row.kid} and generation = ${row.generation} and sealed = ${row.sealed}`
    moved += count
  }
  return { last: rows.at(-1)?.kid, moved }
}
