import { expect, test } from 'vitest'
import { z } from 'zod'
import { redacted } from '../../server/requests/redact.ts'
import type { Endpoint } from '../../shared/contract/endpoint.ts'
import { contract } from '../../shared/contract/index.ts'
import { isSecret } from '../../shared/words.ts'

/** Every leaf of a schema with its path, and whether it or what is around it is marked as secret. */
function leaves(schema: z.ZodType, path: string, marked = false): [path: string, secret: boolean][] {
  const secret = marked || isSecret(schema)
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return leaves(schema.unwrap() as z.ZodType, path, secret)
  if (schema instanceof z.ZodArray) return leaves(schema.element as z.ZodType, path, secret)
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, field]) =>
      leaves(field, `${path}.${name}`, secret),
    )
  return [[path, secret]]
}

const entries = Object.entries(contract).flatMap(([feature, group]) =>
  Object.entries<Endpoint>(group).map(([verb, entry]): [string, Endpoint] => [`${feature}.${verb}`, entry]),
)

/** Names that sound like a secret and are none; what is to be released is named by an id or a path. */
const harmless =
  /\.(release\.(secret|value)|needs\.(pin|match_number)|actions?\.key|items\.code)$|^approvals\.create in\.match_number$/

test('every field of the REST API whose name says that it opens something or holds a value is marked as secret', () => {
  const sounding = entries
    .filter(([, entry]) => entry.path !== null)
    .flatMap(([name, entry]) => [...leaves(entry.input, `${name} in`), ...leaves(entry.output, `${name} out`)])
    .filter(([path]) =>
      /\.(value|initial_value|pin|match_number|key|api_key|url|token|csrf_token|password|secret|code)$/.test(path),
    )
    .filter(([path]) => !harmless.test(path))
  const unmarked = sounding.filter(([, secret]) => !secret).map(([path]) => path)
  expect(sounding.length).toBeGreaterThan(20)
  expect(unmarked).toEqual([])
})

test('a body keeps what its schema names and takes, and nothing else', () => {
  const schema = z.strictObject({
    name: z.string().max(5),
    kind: z.enum(['a', 'b']).default('a'),
    list: z.array(z.strictObject({ id: z.string() })).optional(),
    free: z.record(z.string(), z.unknown()).nullable(),
  })
  expect(redacted(schema, { name: 'x', kind: 'a', list: [{ id: '1', odd: 2 }], free: { a: 1 }, odd: 'y' })).toEqual({
    name: 'x',
    kind: 'a',
    list: [{ id: '1' }],
    free: '[removed]',
  })
  expect(redacted(schema, { name: 'too long', kind: 'secret', list: 'x', free: null })).toEqual({
    name: '[removed]',
    kind: '[removed]',
    list: '[removed]',
    free: null,
  })
  for (const odd of ['text', 7, ['x'], true]) expect(redacted(schema, odd)).toBe('[removed]')
})
