import { Refusal } from '../shared/errors.ts'
import type { Sql } from './lib/driver/connect.ts'
import type { World } from './world.ts'

/**
 * Puts the next rows after an id under generation `to`, each only if it still holds what was read; answers the last id that
 * was looked at, if any, and how many were moved.
 */
export type Rewrap = (
  world: World,
  sql: Sql,
  to: number,
  after: string,
) => Promise<{ last: string | undefined; moved: number }>

/** What a row has sealed, under another generation; undefined when the key that it is under is not here. */
export async function ifOpened<Sealed>(reseal: () => Promise<Sealed>): Promise<Sealed | undefined> {
  try {
    return await reseal()
  } catch (error) {
    if (error instanceof Refusal && error.code === 'KEY_MISSING') return undefined
    throw error
  }
}

/** So many rows are read at once. */
const most = 200

/** Moves the few rows of a table one by one. */
export const oneByOne =
  <Row extends { id: string }, Sealed>(steps: {
    /** The next rows by id. */
    next(sql: Sql, to: number, after: string, most: number): Promise<Row[]>
    reseal(world: World, row: Row, to: number): Promise<Sealed>
    /** One conditional statement: only if the row still holds what was read. Answers how many rows it changed. */
    store(sql: Sql, row: Row, sealed: Sealed, to: number): Promise<{ count: number }>
  }): Rewrap =>
  async (world, sql, to, after) => {
    const rows = await steps.next(sql, to, after, most)
    let moved = 0
    for (const row of rows) {
      const sealed = await ifOpened(() => steps.reseal(world, row, to))
      if (sealed !== undefined) moved += (await steps.store(sql, row, sealed, to)).count
    }
    return { last: rows.at(-1)?.id, moved }
  }
