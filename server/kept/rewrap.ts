import { Refusal } from '../../shared/errors.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { World } from '../world.ts'
import { resealText, type SealedText } from './sealing.ts'

const most = 200

type Row = SealedText & { id: string; project_id: string }

/** A row's text under another generation; undefined when the key that it is under is not here. */
async function moveOf(world: World, row: Row, to: number): Promise<Uint8Array | undefined> {
  try {
    return await resealText(world, { id: row.id, projectId: row.project_id }, row, to)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'KEY_MISSING') return undefined
    throw error
  }
}

/**
 * Puts the next release-only secrets after an id under generation `to`; each only if its row still holds what was read.
 * Answers the last id that was looked at, if any, and how many were moved.
 */
export async function rewrapKept(world: World, sql: Sql, to: number, after: string) {
  const rows = await sql<Row[]>`
    select id, project_id, sealed, generation from kept_secrets
    where generation < ${to} and id > ${after} order by id limit ${most}`
  let moved = 0
  for (const row of rows) {
    const sealed = await moveOf(world, row, to)
    if (!sealed) continue
    const { count } = await sql`
      update kept_secrets set sealed = ${sealed}, generation = ${to}
      where id = ${row.id} and generation = ${row.generation} and sealed = ${row.sealed}`
    moved += count
  }
  return { last: rows.at(-1)?.id, moved }
}
