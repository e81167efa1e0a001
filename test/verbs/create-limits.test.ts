import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeAsker } from '../make.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { actor } = await makeAsker(world)
const create = (wish: object) => as(world, actor).approvals.create({ key_path: 'deploy/prod', value: 'yes', ...wish })

const action = (more: object = {}) => ({ key: 'go', value: 'gone', ...more })
const nested = (depth: number): unknown => (depth === 0 ? 1 : { in: nested(depth - 1) })
const wide = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]))

/** field → what it takes up to its limits, and what lies just beyond them. */
const limits: Record<string, { takes: unknown[]; refuses: unknown[] }> = {
  key_path: {
    takes: ['a', 'a/b/c/d/e/f/g/h', 'x'.repeat(128), 'A-Z._~:@=+-0', Array(4).fill('p'.repeat(127)).join('/'), '...'],
    refuses: [
      ...['', 'a/b/c/d/e/f/g/h/i', 'x'.repeat(129), `${Array(4).fill('p'.repeat(128)).join('/')}`, 'a//b', '/a', 'a/'],
      ...['a/../b', '..', '.', 'a/./b', 'a/pending', 'history', 'a b', 'ä', 'a\0', 'a%2Fb', 1, null, ['a'], {}],
    ],
  },
  value: {
    takes: ['', 'v'.repeat(32_768), 'ü'.repeat(16_384), '😀\u2028\u0001', '"quoted"'],
    refuses: ['v'.repeat(32_769), `${'ü'.repeat(16_384)}v`, 'nul\0', '\ud800', '\udc00x', 7, true, null, ['v']],
  },
  initial_value: { takes: ['', 'v'.repeat(32_768)], refuses: ['v'.repeat(32_769), '\ud800', '\0', 7, null] },
  ttl_seconds: {
    takes: [10, 600, 2_592_000],
    refuses: [9, 2_592_001, 10.5, 0, -10, '600', null, Number.NaN, Number.POSITIVE_INFINITY],
  },
  info: {
    takes: ['', 'i'.repeat(4000), '<b>not html</b>'],
    refuses: ['i'.repeat(4001), 'ü'.repeat(2001), '\ud800', '\0', 1],
  },
  ref_id: { takes: ['r', 'r'.repeat(255)], refuses: ['', 'r'.repeat(256), '\0', '\ud83d', 1, null] },
  pin: {
    takes: ['1234', '123456789012', 'generate'],
    refuses: ['123', '1234567890123', '12a4', '١٢٣٤', ' 1234', '1234\n', '', 1234, 'Generate', null],
  },
  comment: { takes: ['optional', 'required', 'off'], refuses: ['on', '', null, true] },
  match_number: { takes: [true, false], refuses: ['true', 1, null] },
  payload: {
    takes: [{}, nested(8), wide(200), { text: 't'.repeat(16_000) }, { list: [1, null, 'x', { deep: true }] }],
    refuses: [
      ...[nested(9), wide(201), { text: 't'.repeat(16_385) }, [], 'text', null, 1],
      ...[{ nul: '\0' }, { '\0': 1 }, { lone: '\ud800' }, { constructor: 1 }, { in: { prototype: 1 } }],
      ...[JSON.parse('{"__proto__": 1}'), JSON.parse('{"in": {"__proto__": 1}}'), JSON.parse('{"big": 1e999}')],
    ],
  },
  actions: {
    takes: [
      [action()],
      [action({ key: 'a' }), action({ key: 'b' }), action({ key: 'c' })],
      [action({ key: 'k'.repeat(64), value: 'v'.repeat(32_768), label: 'l'.repeat(80), style: '#FF6b6B' })],
      ...['primary', 'secondary', 'danger', 'warning', 'info', 'default'].map((style) => [action({ style })]),
    ],
    refuses: [
      ...[[], ['a', 'b', 'c', 'd'].map((key) => action({ key })), [action(), action()], 'go', null, {}],
      ...[[action({ key: '' })], [action({ key: 'k'.repeat(65) })], [action({ key: 'a b' })], [action({ key: 'é' })]],
      ...[[action({ value: 'v'.repeat(32_769) })], [action({ value: '\ud800' })], [{ key: 'go' }], [{ value: 'x' }]],
      ...[[action({ label: '' })], [action({ label: 'l'.repeat(81) })], [action({ label: '\0' })]],
      ...[
        [action({ style: 'pink' })],
        [action({ style: '#fff' })],
        [action({ style: '#ff6b6b;' })],
        [action({ style: '' })],
      ],
      ...[[action({ more: 1 })], [JSON.parse('{"key":"go","value":"x","__proto__":{"style":"info"}}')]],
    ],
  },
}

const short = (value: unknown) => (JSON.stringify(value) ?? String(value)).slice(0, 40)

describe.each(Object.entries(limits))('approvals.create takes %s', (field, { takes, refuses }) => {
  test.each(takes.map((value) => [short(value), value]))('up to its limits: %s', async (_, value) => {
    expect(await codeOf(create({ [field]: value }))).toBe('done')
  })
  test.each(refuses.map((value) => [short(value), value]))(
    'and refuses by name what is beyond: %s',
    async (_, value) => {
      const [{ count: before } = {}] = await world.db.sql`select count(*)::int as count from approvals`
      const call = create({ [field]: value })
      expect((await faultyFields(call)).every((path) => path.split('.')[0] === field)).toBe(true)
      expect(await codeOf(call)).toBe('INVALID_INPUT')
      const [{ count: after } = {}] = await world.db.sql`select count(*)::int as count from approvals`
      expect(after).toBe(before)
    },
  )
})

test('approvals.create refuses unknown fields by their names, those of later issues too', async () => {
  for (const field of ['link', 'approvers', 'notify', 'release', 'ttl', 'constructor', 'toString'])
    expect(await faultyFields(create({ [field]: 'x' })), field).toEqual([field])
  expect(await faultyFields(create(JSON.parse('{"__proto__": {"pin": "1234"}}')))).toEqual(['__proto__'])
  expect(Object.prototype).not.toHaveProperty('pin')
})

test('approvals.create needs a value or actions', async () => {
  expect(await faultyFields(as(world, actor).approvals.create({ key_path: 'a' }))).toEqual(['value'])
})
