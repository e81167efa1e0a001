import { describe, expect, test } from 'vitest'
import { clean } from '../../server/jobs/sweep.ts'
import { newId } from '../../server/lib/id.ts'
import { matchOperators } from '../../shared/contract/policy.ts'
import { answerPermission, askPermission, makeAgent } from '../agents.ts'
import { as } from '../as.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db

/** A project with an admin, a member and an agent. */
async function place() {
  const project = await makeProject(world)
  const ana = await makePerson(world, project, 'ADMIN')
  const mia = await makePerson(world, project, 'MEMBER')
  const { agent, actor } = await makeAgent(world, project)
  return { project, ana, mia, agent, actor, admin: as(world, ana.actor).policies }
}

type Draft = Parameters<Awaited<ReturnType<typeof place>>['admin']['create']>[0]
const about = (action: string): Draft['matchers'] => [{ field: 'action', op: 'equals', value: action }]
const draft = (more: Partial<Draft> = {}): Draft => ({
  name: 'Small refunds',
  matchers: about('email.send'),
  effect: 'auto_approve',
  ...more,
})
type Admin = Awaited<ReturnType<typeof place>>['admin']
const namesOf = async (admin: Admin) => (await admin.list({})).items.map(({ name, position }) => `${position} ${name}`)
const told = async (id: string) => {
  const rows = await sql<{ name: string; payload: unknown }[]>`
    select name, payload from events where target = ${`policy:${id}`} order by seq`
  return rows
}

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

describe('a dry run', () => {
  test('says what the last requests would be answered now and with a draft, by the rules that answer them', async () => {
    const { admin, actor } = await place()
    const deny = await admin.create(draft({ name: 'none', matchers: about('repo.delete'), effect: 'deny' }))
    await askPermission(world, actor, { action: 'email.send' })
    await codeOf(askPermission(world, actor, { action: 'repo.delete' }))
    expect(await admin.dryRun({})).toMatchObject({
      changed: 0,
      now: { auto_approve: 0, require_approval: 1, deny: 1 },
      with_draft: { auto_approve: 0, require_approval: 1, deny: 1 },
    })
    const all = draft({ name: 'all', matchers: [{ field: 'action', op: 'exists' }] })
    const last = await admin.dryRun({ draft: all })
    expect(last).toMatchObject({ changed: 1, with_draft: { auto_approve: 1, require_approval: 0, deny: 1 } })
    expect(last.items.find(({ action }) => action === 'email.send')).toMatchObject({
      now: { effect: 'require_approval', policy_id: null, policy: null },
      with_draft: { effect: 'auto_approve', policy_id: null, policy: 'all' },
    })
    expect(await admin.dryRun({ draft: all, position: 1 })).toMatchObject({
      changed: 2,
      with_draft: { auto_approve: 2 },
    })
    expect(await admin.dryRun({ draft: all, id: deny.id })).toMatchObject({ changed: 2, with_draft: { deny: 0 } })
    expect(await admin.dryRun({ draft: { ...all, enabled: false }, id: deny.id })).toMatchObject({
      changed: 1,
      with_draft: { deny: 0 },
    })
    expect((await admin.dryRun({ limit: 1 })).items).toHaveLength(1)
    // Nothing of it was done.
    expect(await namesOf(admin)).toEqual(['1 none'])
  })

  test('agrees with what requests are answered, whatever the policies', async () => {
    const { admin, actor } = await place()
    const values: Record<string, unknown> = {
      in: ['a', 'b'],
      not_in: ['a'],
      less_than: 5,
      at_most: 5,
      greater_than: 5,
      at_least: 5,
      exists: null,
      absent: null,
      matches: '[ab]',
    }
    const effects = ['auto_approve', 'deny', 'require_approval'] as const
    for (const [i, op] of matchOperators.entries())
      await admin.create(
        draft({
          name: op,
          effect: effects[i % 3] ?? 'deny',
          matchers: [{ field: `scope.${op}`, op, value: op in values ? values[op] : 'a' }],
        }),
      )
    const answered: Record<string, string> = {}
    for (const op of matchOperators)
      for (const value of ['a', 'c', 3, 7, ['a'], null]) {
        // `absent` would take all that comes to it.
        const scope = op === 'absent' ? { exists: value } : { absent: 1, [op]: value }
        const asked = await askPermission(world, actor, { scope }).catch(() => undefined)
        const [row] = await sql<{ id: string }[]>`select id from permissions order by created_at desc, id desc limit 1`
        const id = asked?.id ?? row?.id ?? ''
        answered[id] = asked ? (asked.status === 'approved' ? 'auto_approve' : 'require_approval') : 'deny'
      }
    const { items } = await admin.dryRun({ limit: 200 })
    expect(items).toHaveLength(Object.keys(answered).length)
    for (const { id, now } of items) expect(now.effect).toBe(answered[id])
    expect(new Set(Object.values(answered)).size).toBe(3)
  })
})

describe('a standing yes', () => {
  const yes = async (
    { mia, actor }: Awaited<ReturnType<typeof place>>,
    more: Parameters<typeof answerPermission>[4] = {},
  ) => {
    const asked = await askPermission(world, actor)
    await answerPermission(world, mia.actor, asked, 'approve', { standing_seconds: 60, ...more })
    const { items } = await as(world, mia.actor).policies.list({})
    return items[0]?.id ?? ''
  }
  const statusOf = async ({ actor }: Awaited<ReturnType<typeof place>>, ask = {}) =>
    (await askPermission(world, actor, ask)).status

  test('comes before all policies, is ended by any member, and only once', async () => {
    const here = await place()
    await here.admin.create(draft({ effect: 'deny' }))
    await here.admin.update({ id: (await here.admin.list({})).items[0]?.id ?? '', enabled: false })
    const id = await yes(here)
    await here.admin.create(draft({ effect: 'deny' }))
    expect((await here.admin.list({})).items).toMatchObject([{ id, standing: true, position: 0, fault: null }, {}, {}])
    expect(await statusOf(here)).toBe('approved')
    const other = await makePerson(world, here.project, 'MEMBER')
    const viewer = await makePerson(world, here.project, 'VIEWER')
    expect(await codeOf(as(world, viewer.actor).policies.endStanding({ id }))).toBe('INSUFFICIENT_ROLE')
    expect(await codeOf((await place()).admin.endStanding({ id }))).toBe('NOT_FOUND')
    await as(world, other.actor).policies.endStanding({ id })
    expect(await codeOf(as(world, other.actor).policies.endStanding({ id }))).toBe('NOT_FOUND')
    expect(await codeOf(askPermission(world, here.actor))).toBe('PERMISSION_DENIED')
    expect((await told(id)).map(({ name }) => name)).toEqual(['policy.standing', 'policy.standing_ended'])
  })

  test('cannot be changed or deleted as a policy, and a policy cannot be ended as one', async () => {
    const here = await place()
    const id = await yes(here)
    expect(await codeOf(here.admin.update({ id, name: 'x' }))).toBe('NOT_FOUND')
    expect(await codeOf(here.admin.delete({ id }))).toBe('NOT_FOUND')
    const { id: written } = await here.admin.create(draft())
    expect(await codeOf(here.admin.endStanding({ id: written }))).toBe('NOT_FOUND')
  })

  test('allows no more than was allowed when it was given', async () => {
    const here = await place()
    await yes(here, { scope: { to: ['ana@example.com'] } })
    expect(await askPermission(world, here.actor)).toMatchObject({
      status: 'approved',
      scope: { to: ['ana@example.com'] },
    })
  })

  test('gives no token that outlives it', async () => {
    const here = await place()
    const id = await yes(here)
    const [policy] = (await here.admin.list({})).items
    const asked = await askPermission(world, here.actor, { ttl: 3600, uses: 100 })
    expect(asked).toMatchObject({ status: 'approved', expires_at: policy?.expires_at, decided_by: { id } })
  })

  test('is for the agent that asked, and for no other', async () => {
    const here = await place()
    await yes(here)
    const other = await makeAgent(world, here.project, { name: 'other' })
    expect(await askPermission(world, other.actor)).toMatchObject({ status: 'pending' })
    const key = await makeKey(world, here.project, 'agent-live')
    expect(await askPermission(world, key.actor)).toMatchObject({ status: 'pending' })
  })

  test('counts no longer once its time is over, and is removed a day later', async () => {
    const here = await place()
    const id = await yes(here)
    await sql`update policies set expires_at = now() - interval '1 second' where id = ${id}`
    expect(await statusOf(here)).toBe('pending')
    expect((await here.admin.list({})).items).toEqual([])
    expect(await codeOf(here.admin.endStanding({ id }))).toBe('NOT_FOUND')
    const there = async () => (await sql`select 1 from policies where id = ${id}`).length
    await clean(world)
    expect(await there()).toBe(1)
    await sql`update policies set expires_at = now() - interval '25 hours' where id = ${id}`
    await clean(world)
    expect(await there()).toBe(0)
  })

  test.each(['is shown out', 'leaves', 'is made a viewer'])('ends when who gave it %s', async (how) => {
    const here = await place()
    const { ana, mia } = here
    const id = await yes(here)
    const kept = await makePerson(world, here.project, 'MEMBER')
    await answerPermission(
      world,
      kept.actor,
      await askPermission(world, here.actor, { action: 'repo.read' }),
      'approve',
      { standing_seconds: 60 },
    )
    if (how === 'leaves') await as(world, mia.actor).users.leave({})
    else if (how === 'is shown out') await as(world, ana.actor).users.disable({ userId: mia.id })
    else await as(world, ana.actor).users.setRole({ userId: mia.id, role: 'VIEWER' })
    expect(await statusOf(here)).toBe('pending')
    expect(await statusOf(here, { action: 'repo.read' })).toBe('approved')
    expect((await told(id)).map(({ name }) => name)).toEqual(['policy.standing', 'policy.standing_ended'])
  })

  test('stays when who gave it becomes more', async () => {
    const here = await place()
    await yes(here)
    const owner = await makePerson(world, here.project, 'OWNER')
    await as(world, owner.actor).users.setRole({ userId: here.mia.id, role: 'ADMIN' })
    expect(await statusOf(here)).toBe('approved')
  })

  test('has a name that fits, whatever was asked', async () => {
    const here = await place()
    for (const ask of [
      { action: '€'.repeat(85), resource: '🙂'.repeat(60) },
      { action: 'a'.repeat(255), resource: 'b'.repeat(255) },
    ])
      await answerPermission(world, here.mia.actor, await askPermission(world, here.actor, ask), 'approve', {
        standing_seconds: 60,
      })
    const { items } = await here.admin.list({})
    expect(items.map(({ name }) => Buffer.byteLength(name))).toEqual(expect.arrayContaining([75, 100]))
  })

  test.each([59, 28_801, 0.5])('is given for 1 minute to 8 hours, and not for %d seconds', async (standing_seconds) => {
    const { mia, actor } = await place()
    const asked = await askPermission(world, actor)
    expect(await faultyFields(answerPermission(world, mia.actor, asked, 'approve', { standing_seconds }))).toEqual([
      'standing_seconds',
    ])
    expect(await faultyFields(answerPermission(world, mia.actor, asked, 'deny', { standing_seconds: 60 }))).toEqual([
      'standing_seconds',
    ])
    expect(await as(world, actor).permissions.get({ id: asked.id })).toMatchObject({ status: 'pending' })
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
