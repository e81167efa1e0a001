import { describe, expect, test } from 'vitest'
import { newId } from '../../server/lib/id.ts'
import { askPermission, makeAgent } from '../agents.ts'
import { as } from '../as.ts'
import { makeKey, makeProject } from '../make.ts'
import { about, type Draft, draft, namesOf, policyPlace, toldOfPolicy } from '../policies.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db
const place = () => policyPlace(world)
const told = (id: string) => toldOfPolicy(world, id)

describe('a policy', () => {
  test('is made, answers, is changed and deleted, and each change is told of', async () => {
    const { admin, actor, ana } = await place()
    const made = await admin.create(draft())
    expect(made).toMatchObject({ position: 1, enabled: true, standing: false, fault: null, created_by: { id: ana.id } })
    expect(await askPermission(world, actor)).toMatchObject({
      status: 'approved',
      decided_by: { type: 'policy', id: made.id, name: 'Small refunds' },
    })
    await admin.update({ id: made.id, effect: 'deny', reason: 'Not today.' })
    expect(await codeOf(askPermission(world, actor))).toBe('PERMISSION_DENIED')
    await admin.update({ id: made.id, enabled: false })
    expect(await askPermission(world, actor)).toMatchObject({ status: 'pending' })
    // What changes nothing is not told of.
    await admin.update({ id: made.id, enabled: false, name: 'Small refunds' })
    expect(await admin.delete({ id: made.id })).toEqual({ id: made.id })
    expect(await codeOf(admin.delete({ id: made.id }))).toBe('NOT_FOUND')
    expect(await told(made.id)).toMatchObject([
      { name: 'policy.created' },
      { name: 'policy.changed', payload: { fields: ['effect', 'reason'] } },
      { name: 'policy.changed', payload: { fields: ['enabled'] } },
      { name: 'policy.deleted' },
    ])
  })

  test('is about the agent that it names, and none of another project', async () => {
    const { admin, actor, agent, project } = await place()
    const other = await makeAgent(world, project, { name: 'other' })
    await admin.create(draft({ agent_id: agent.id }))
    expect(await askPermission(world, actor)).toMatchObject({ status: 'approved' })
    expect(await askPermission(world, other.actor)).toMatchObject({ status: 'pending' })
    const foreign = await makeAgent(world, await makeProject(world))
    for (const agent_id of [foreign.agent.id, newId()]) {
      expect(await faultyFields(admin.create(draft({ agent_id })))).toEqual(['agent_id'])
      expect(await faultyFields(admin.dryRun({ draft: draft({ agent_id }) }))).toEqual(['draft.agent_id'])
    }
    expect(await askPermission(world, foreign.actor)).toMatchObject({ status: 'pending' })
  })

  test('allows as little as its template says, and asks a person where that would be more', async () => {
    const { admin, actor } = await place()
    await admin.create(draft({ scope_template: { max: 10 } }))
    const asked = await askPermission(world, actor, { scope: { max: 50, to: ['a'] } })
    expect(asked).toMatchObject({ status: 'approved', scope: { max: 10, to: ['a'] }, requested_scope: { max: 50 } })
    expect(await askPermission(world, actor, { scope: { max: 5 } })).toMatchObject({ status: 'pending' })
    expect(await askPermission(world, actor, { scope: {} })).toMatchObject({ status: 'pending' })
  })

  test('that was broken by hand says so, asks a person, and does not hide the others', async () => {
    const { admin, actor } = await place()
    const made = await admin.create(draft())
    for (const matchers of [[{ field: 'action', op: 'matches', value: '(' }], [{ field: 'x' }], [], {}]) {
      await sql`update policies set matchers = ${sql.json(matchers)} where id = ${made.id}`
      const { items } = await admin.list({})
      expect(items[0]?.fault).toMatch(/\.$/)
      expect(await askPermission(world, actor)).toMatchObject({ status: 'pending' })
    }
    await admin.update({ id: made.id, matchers: about('email.send') })
    expect(await askPermission(world, actor)).toMatchObject({ status: 'approved' })
  })

  test.each<[string, Draft['matchers'], string[]]>([
    ['a broken expression', [...about('a'), { field: 'scope.x', op: 'matches', value: '(' }], ['matchers.1']],
    ['a catastrophic one', [{ field: 'action', op: 'matches', value: '((a{30}){30}){30}' }], ['matchers.0']],
    [
      'two values that do not fit',
      [
        { field: 'scope.x', op: 'in', value: 'a' },
        { field: 'scope.x', op: 'exists', value: 1 },
      ],
      ['matchers.0', 'matchers.1'],
    ],
    ['text that cannot be stored', [{ field: 'scope.x', op: 'equals', value: 'a\0' }], ['matchers.0']],
    ['a path that is none', [{ field: 'scope', op: 'exists' }], ['matchers.0.field']],
    ['a path that cannot be stored', [{ field: 'scope.\ud800', op: 'exists' }], ['matchers.0']],
    ['no matchers', [], ['matchers']],
    ['21 matchers', Array.from({ length: 21 }, () => about('a')).flat(), ['matchers']],
  ])('with %s is refused by its place, made, changed or tried', async (_, matchers, paths) => {
    const { admin } = await place()
    const { id } = await admin.create(draft())
    expect(await faultyFields(admin.create(draft({ matchers })))).toEqual(paths)
    expect(await faultyFields(admin.update({ id, matchers }))).toEqual(paths)
    expect(await faultyFields(admin.dryRun({ draft: draft({ matchers }) }))).toEqual(
      paths.map((path) => `draft.${path}`),
    )
    expect(await admin.list({})).toMatchObject({ items: [{ matchers: about('email.send') }] })
  })

  test('takes a template that is as deep and as large as a scope, and no more', async () => {
    const { admin } = await place()
    const deep = (levels: number): object => (levels === 0 ? {} : { a: deep(levels - 1) })
    const wide = (keys: number) => Object.fromEntries(Array.from({ length: keys }, (_, i) => [`k${i}`, 1]))
    for (const scope_template of [deep(8), wide(201), JSON.parse('{"__proto__": 1}'), [], 'x'])
      expect(await faultyFields(admin.create(draft({ scope_template })))).toEqual(['scope_template'])
    await admin.create(draft({ scope_template: wide(200) }))
  })

  test('is found by nobody of another project, and made by no key and no member', async () => {
    const { admin, mia, project } = await place()
    const { id } = await admin.create(draft())
    const stranger = (await place()).admin
    expect(await codeOf(stranger.update({ id, name: 'x' }))).toBe('NOT_FOUND')
    expect(await codeOf(stranger.delete({ id }))).toBe('NOT_FOUND')
    expect(await codeOf(stranger.dryRun({ id, draft: draft() }))).toBe('NOT_FOUND')
    const member = as(world, mia.actor).policies
    expect((await member.list({})).items).toHaveLength(1)
    for (const refused of [member.create(draft()), member.update({ id, name: 'x' }), member.delete({ id })])
      expect(await codeOf(refused)).toBe('INSUFFICIENT_ROLE')
    const key = as(world, (await makeKey(world, project, 'admin')).actor).policies
    expect((await key.list({})).items).toHaveLength(1)
    for (const refused of [
      key.create(draft()),
      key.update({ id, name: 'x' }),
      key.delete({ id }),
      key.endStanding({ id }),
    ])
      expect(await codeOf(refused)).toBe('SIGNED_OUT')
  })
})

test('who looks at the test objects writes the same policies, and what is tried there asks nobody', async () => {
  const { ana, admin, project } = await place()
  await makeKey(world, project, 'agent-test')
  const [twin] = await sql<{ id: string }[]>`select id from projects where test_of = ${project.id}`
  const trying = as(world, { ...ana.actor, projectId: twin?.id ?? '' })
  await trying.policies.create(draft({ name: 'tried', effect: 'deny' }))
  expect(await namesOf(admin)).toEqual(['1 tried'])
  expect(await trying.permissions.request({ action: 'email.send' })).toMatchObject({ status: 'approved', env: 'test' })
})
