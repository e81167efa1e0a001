import { expect, test } from 'vitest'
import { z } from 'zod'
import '../../shared/input-faults.ts'

const faultOf = (schema: z.ZodType, input: unknown) => schema.safeParse(input).error?.issues[0]?.message

test.each([
  ['Is missing.', z.object({ a: z.string() }), {}],
  ['Must be a text.', z.string(), 7],
  ['Must be true or false.', z.boolean(), 'yes'],
  ['Must be a whole number.', z.int(), 1.5],
  ['Must be a list.', z.array(z.string()), 'CANARY'],
  ['Must be an object.', z.object({}), null],
  ['Must not be empty.', z.string().min(1), ''],
  ['Must not be empty.', z.array(z.string()).min(1), []],
  ['Must have at least 2 characters.', z.string().min(2), 'a'],
  ['Must have exactly 6 characters.', z.string().length(6), 'CANARY!'],
  ['Must have at most 1 entry.', z.array(z.string()).max(1), ['a', 'b']],
  ['Must be at least 1.', z.int().min(1), 0],
  ['Must be at most 90.', z.int().max(90), 91],
  ['Must be more than 0.', z.number().positive(), 0],
  ['Must be a multiple of 5.', z.int().multipleOf(5), 7],
  ['Must be one of hidden, kept.', z.enum(['hidden', 'kept']), 'CANARY'],
  ['Must be true.', z.literal(true), false],
  ['Must be an e-mail address.', z.email(), 'CANARY'],
  ['Must be a time as 2025-01-01T12:30:00Z.', z.iso.datetime(), 'CANARY'],
  ['Is not written as it must be.', z.string().regex(/^a$/), 'CANARY'],
  ['Has an unknown field.', z.strictObject({}), { CANARY: 1 }],
  ['Is none of what is taken here.', z.union([z.literal('a'), z.int()]), 'CANARY'],
  ['Words of its own.', z.string().min(1, 'Words of its own.'), ''],
])('%s', (sentence, schema, input) => {
  expect(faultOf(schema, input)).toBe(sentence)
})
