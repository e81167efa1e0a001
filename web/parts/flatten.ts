/** One row of the facts that a decision is bound to. */
export type Fact = { name: string; value: string }

/** A JSON object as rows: nested keys dotted, lists as JSON. */
export function flatten(object: Record<string, unknown>, prefix = ''): Fact[] {
  return Object.entries(object).flatMap(([key, value]): Fact[] => {
    const name = prefix + key
    if (isPlainObject(value) && Object.keys(value).length > 0) return flatten(value, `${name}.`)
    return [{ name, value: say(value) }]
  })
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const say = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
