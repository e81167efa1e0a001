import { z } from 'zod'
import type { Endpoint } from '../../shared/contract/endpoint.ts'

type Kind = 'number' | 'boolean' | 'json' | 'text'

function kindOf(type: unknown): Kind {
  if (type === 'integer' || type === 'number') return 'number'
  if (type === 'boolean') return 'boolean'
  return type === 'string' || type === undefined ? 'text' : 'json'
}

/** What text stands for: query strings and forms know only text, the schema knows better. Unreadable text stays text and is refused there. */
function read(kind: Kind, text: string): unknown {
  if (kind === 'number' && /^-?\d{1,300}(\.\d{1,15})?$/.test(text)) return Number(text)
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  if (kind !== 'json') return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A function that turns the texts of query and form fields into what the entry's schema means by them. */
export function coercion(entry: Endpoint): (fields: Iterable<[string, unknown]>) => Iterable<[string, unknown]> {
  const { properties = {} } = z.toJSONSchema(entry.input, { io: 'input', unrepresentable: 'any' })
  const kinds = new Map(
    Object.entries(properties).map(([name, schema]) => [
      name,
      kindOf(typeof schema === 'object' ? schema.type : undefined),
    ]),
  )
  return function* (fields) {
    for (const [name, value] of fields)
      yield [name, typeof value === 'string' ? read(kinds.get(name) ?? 'text', value) : value]
  }
}
