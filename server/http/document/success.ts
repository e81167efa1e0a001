import type { Endpoint } from '../../../shared/contract/endpoint.ts'
import { bytesType } from '../bytes.ts'
import { type HeaderName, headersOf } from './headers.ts'
import { type Answer, bytesSchema, type Schema } from './shapes.ts'

/** Headers that a success of this entry carries beyond those of every limited reply. */
function headersOfSuccess(entry: Endpoint): HeaderName[] {
  if (entry.represents === 'value') return ['ETag']
  if (entry.idempotent) return ['Idempotency-Replayed']
  return entry.visit && entry.method === 'GET' ? ['Set-Cookie'] : []
}

/** A stored value in its three forms; see `sendValue`. */
function valueContent(example: unknown): Answer['content'] {
  const { created: _, ...full } = example as Record<string, unknown> // the example of an entry that represents a value
  const bare: Schema = { type: 'string', description: 'The value alone.' }
  return {
    'application/json': {
      schema: { anyOf: [bare, { $ref: '#/components/schemas/StoredValue' }] },
      examples: {
        value: { summary: 'The value, as a JSON string', value: full.value },
        full: { summary: 'With `?view=full`', value: full },
      },
    },
    'text/plain': { schema: bare, example: full.value },
  }
}

const said: Record<number, string> = { 200: 'Done.', 201: 'Made.', 204: 'Done; there is nothing to say.' }

/** How an entry answers when all went well, by status. `schema` is what the generator made of its output. */
export function successesOf(entry: Endpoint, schema: Schema): Record<string, Answer> {
  const headers = headersOf(...headersOfSuccess(entry))
  const answer = (description = 'Done.', content?: Answer['content']): Answer => ({
    description,
    headers,
    ...(content ? { content } : {}),
  })
  if (entry.represents === 'value') {
    const content = valueContent(entry.example.output)
    if (entry.method === 'GET')
      return { 200: answer('The value.', content), 304: answer('It still has the version of `If-None-Match`.') }
    return { 200: answer('Set.', content), 201: answer('Set, and it is new.', content) }
  }
  if (entry.streams) {
    const contents = entry.streams.map((type) => [
      type,
      { schema: type === bytesType ? bytesSchema : { type: 'string' } },
    ])
    return { 200: answer('Sent as it is made.', Object.fromEntries(contents)) }
  }
  if (entry.status === 204) return { 204: answer(said[204]) }
  const content = { 'application/json': { schema, example: entry.example.output } }
  return {
    [entry.status]: answer(said[entry.status], content),
    ...(entry.accepts ? { 202: answer('Accepted; nobody has answered yet.', content) } : {}),
  }
}
