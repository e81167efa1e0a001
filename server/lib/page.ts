import { refuse } from '../../shared/errors.ts'

/** Splits one row more than asked for into a page and where the next one starts. */
export function pageOf<Row, Item>(
  rows: Row[],
  limit: number,
  place: (row: Row) => string,
  item: (row: Row) => Item,
): { items: Item[]; next_cursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const more = rows.length > limit && last !== undefined
  return { items: shown.map(item), next_cursor: more ? Buffer.from(place(last)).toString('base64url') : null }
}

/** Reads a cursor that `pageOf` made; refuses one whose content is not shaped as `shape` says. */
export function placeOf(cursor: string | undefined, shape: RegExp): string | undefined {
  if (cursor === undefined) return undefined
  const place = Buffer.from(cursor, 'base64url').toString()
  if (shape.test(place)) return place
  return refuse('INVALID_INPUT', { issues: [{ path: 'cursor', message: 'Must be a next_cursor as returned.' }] })
}
