import { describe, expect, test } from 'vitest'
import { answerPermission, askPermission } from '../agents.ts'
import { about, draft, namesOf, policyPlace } from '../policies.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db
const place = () => policyPlace(world)

describe('the order of policies', () => {
  test('is 1 to n, wherever one is put, moved or taken out', async () => {
    const { admin } = await place()
    const [a, b] = [await admin.create(draft({ name: 'a' })), await admin.create(draft({ name: 'b' }))]
    await admin.create({ ...draft({ name: 'c' }), position: 1 })
    await admin.create({ ...draft({ name: 'd' }), position: 900 })
    expect(await namesOf(admin)).toEqual(['1 c', '2 a', '3 b', '4 d'])
    await admin.update({ id: b.id, position: 1 })
    expect(await namesOf(admin)).toEqual(['1 b', '2 c', '3 a', '4 d'])
    expect(await admin.update({ id: b.id, position: 900, name: 'e' })).toMatchObject({ position: 4 })
    expect(await namesOf(admin)).toEqual(['1 c', '2 a', '3 d', '4 e'])
    await admin.delete({ id: a.id })
    expect(await namesOf(admin)).toEqual(['1 c', '2 d', '3 e'])
  })

  test('is read in pages', async () => {
    const { admin } = await place()
    for (const name of ['a', 'b', 'c', 'd', 'e']) await admin.create(draft({ name }))
    const first = await admin.list({ limit: 2 })
    const second = await admin.list({ limit: 2, cursor: first.next_cursor ?? '' })
    const last = await admin.list({ limit: 2, cursor: second.next_cursor ?? '' })
    expect([first, second, last].flatMap(({ items }) => items.map(({ name }) => name))).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
    ])
    expect(last.next_cursor).toBeNull()
    expect(await codeOf(admin.list({ cursor: 'AAAA' }))).toBe('INVALID_INPUT')
  })

  test('has 200 places, and standing yeses take none', async () => {
    const { admin, project, mia, actor } = await place()
    const { id } = await admin.create(draft({ matchers: about('never') }))
    await sql`
      insert into policies (id, project_id, position, name, matchers, effect, created_by)
      select lpad(n::text, 26, '0'), ${project.id}, n, 'p' || n, '[{"field": "action", "op": "equals", "value": "never"}]', 'deny', '{}'
      from generate_series(2, 200) as n`
    expect(await codeOf(admin.create(draft()))).toBe('TOO_MANY_POLICIES')
    await answerPermission(world, mia.actor, await askPermission(world, actor), 'approve', { standing_seconds: 60 })
    await admin.delete({ id })
    expect(await admin.create(draft())).toMatchObject({ position: 200 })
  })
})
