import { wider } from '../../../shared/narrow.ts'

type Json = Record<string, unknown>

/** The place of a value in a scope: names, and numbers of list items. */
export type Path = readonly (string | number)[]

/** What a person changed of a scope: what was unticked, and the numbers as they were typed, by `placeOf`. */
export type Entered = { off: ReadonlySet<string>; typed: Readonly<Record<string, string>> }

export const untouched: Entered = { off: new Set(), typed: {} }

/** A place as one word, also where names have dots in them. */
export const placeOf = (path: Path): string => JSON.stringify(path)

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether anything of it can be allowed less. */
export function canNarrow(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 1
  if (isObject(value)) return Object.values(value).some(canNarrow)
  return value === true || (typeof value === 'number' && value !== 0)
}

/** What is wrong with a number that was typed, by the one rule of `shared/narrow.ts`. */
function faultOf(asked: number, typed: string): string | undefined {
  const given = Number(typed.trim().replace(',', '.'))
  if (typed.trim() === '' || !Number.isFinite(given)) return 'Must be a number.'
  return wider({ it: asked }, { it: given })[0]?.message
}

/** The scope as it was narrowed, and what is wrong with it by place. */
export function narrowed(
  asked: Json,
  { off, typed }: Entered,
): { scope: Json; faults: Readonly<Record<string, string>> } {
  const faults: Record<string, string> = {}
  const walk = (value: unknown, path: Path): unknown => {
    if (isObject(value))
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, [...path, name])]))
    const place = placeOf(path)
    if (Array.isArray(value)) {
      const kept = value.filter((_, at) => !off.has(placeOf([...path, at])))
      const fault = wider({ it: value }, { it: kept })[0]?.message
      if (fault) faults[place] = fault
      return kept
    }
    if (value === true) return !off.has(place)
    const text = typed[place]
    if (typeof value !== 'number' || text === undefined) return value
    const fault = faultOf(value, text)
    if (fault) faults[place] = fault
    return fault ? value : Number(text.trim().replace(',', '.'))
  }
  // An object stays one on its way.
  return { scope: walk(asked, []) as Json, faults }
}

/** What is allowed less than was asked, one line for each place. */
export function lessThan(asked: Json, given: Json, path: Path = []): { name: string; words: string }[] {
  return Object.entries(asked).flatMap(([key, before]) => {
    const after = given[key]
    const name = [...path, key].join('.')
    if (isObject(before) && isObject(after)) return lessThan(before, after, [...path, key])
    if (JSON.stringify(before) === JSON.stringify(after)) return []
    if (Array.isArray(before) && Array.isArray(after)) {
      const kept = after.map((item) => JSON.stringify(item))
      const gone = before.filter((item) => !kept.includes(JSON.stringify(item)))
      return [
        {
          name,
          words: gone.length > 0 ? `without ${gone.map(say).join(', ')}` : `${after.length} of ${before.length} items`,
        },
      ]
    }
    return [{ name, words: `${say(after)} instead of ${say(before)}` }]
  })
}

const say = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
