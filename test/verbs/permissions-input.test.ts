import { expect, test } from 'vitest'
import { askPermission, makeAgent } from '../agents.ts'
import { as } from '../as.ts'
import { makeProject } from '../make.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db
const { actor } = await makeAgent(world, await makeProject(world))

/** So many levels in an object, which is one itself. */
const deep = (levels: number): Record<string, unknown> => (levels === 0 ? {} : { a: deep(levels - 1) })
const wide = (keys: number) => Object.fromEntries(Array.from({ length: keys }, (_, i) => [`k${i}`, 1]))
const json = (text: string): Record<string, unknown> => JSON.parse(text)

/** What is bad, and what is just good enough, for one field. */
const fields: Record<string, { bad: unknown[]; good: unknown[] }> = {
  action: { bad: ['', 'a'.repeat(256), 'é'.repeat(128), 'a\0', '\ud800', 5, null], good: ['a', 'a'.repeat(255)] },
  resource: { bad: ['', 'a'.repeat(256), 'a\0', null], good: ['mailbox:support'] },
  scope: {
    bad: [
      ...[
        deep(8),
        wide(201),
        json('{"__proto__": {"admin": true}}'),
        json('{"a": {"constructor": 1}}'),
        { a: [{ prototype: 1 }] },
      ],
      ...[{ a: 'x'.repeat(16_400) }, { a: '\0' }, { '\ud800': 1 }, { a: Number.POSITIVE_INFINITY }, [], 'x', null, 5],
    ],
    good: [deep(7), wide(200), { a: 'x'.repeat(16_000) }, {}],
  },
  context: { bad: [deep(8), wide(201), json('{"__proto__": 1}'), [], null], good: [deep(7), wide(200), {}] },
  ttl: { bad: [29, 3601, 30.5, '300', null, -1, Number.NaN], good: [30, 3600] },
  uses: { bad: [0, 101, 1.5, -1, '1', null], good: [1, 100] },
}

test.each(Object.keys(fields))('%s takes what it may hold, and is refused by its name otherwise', async (field) => {
  const ask = (value: unknown) => askPermission(world, actor, { [field]: value })
  for (const value of fields[field]?.bad ?? []) {
    const paths = await faultyFields(ask(value))
    expect(paths.length, JSON.stringify(value)?.slice(0, 100)).toBeGreaterThan(0)
    for (const path of paths) expect(path).toMatch(new RegExp(`^${field}`))
  }
  for (const value of fields[field]?.good ?? []) expect(await codeOf(ask(value))).toBe('done')
})

test('what was refused left nothing, and what was not is kept as it was sent', async () => {
  const before = await sql`select count(*)::int as n from permissions`
  expect(await codeOf(askPermission(world, actor, { scope: deep(8) }))).toBe('INVALID_INPUT')
  expect(await codeOf(as(world, actor).permissions.request({ action: 'a', other: 1 } as never))).toBe('INVALID_INPUT')
  expect(await sql`select count(*)::int as n from permissions`).toEqual(before)
  const scope = { text: '☃ "quoted" \\ \n', n: -1.5e-7, list: [1, 'a', null, true, { b: [] }], '': 0, 'a.b': 1 }
  const { id, ...asked } = await askPermission(world, actor, { scope, context: scope })
  const { id: again, ...read } = await as(world, actor).permissions.get({ id })
  expect(read).toEqual(asked)
  expect(read).toMatchObject({ scope, requested_scope: scope, context: scope })
  expect(again).toBe(id)
})

test('what is answered at once reads the same as it was answered', async () => {
  const { actor: tester } = await makeAgent(world, await makeProject(world), { env: 'test' })
  for (const ask of [{}, { resource: 'mailbox:support', context: { reason: 'x' }, ttl: 30, uses: 100 }]) {
    const asked = await askPermission(world, tester, ask)
    expect(await as(world, tester).permissions.get({ id: asked.id })).toEqual(asked)
  }
})
