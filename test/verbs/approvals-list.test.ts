import { expect, test } from 'vitest'
import { as, asVisitor } from '../as.ts'
import { makeApproval, makeAsker, makeKey } from '../make.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()

test('120 approvals come in pages, newest first, each exactly once', async () => {
  const { actor } = await makeAsker(world)
  const made = []
  for (let i = 0; i < 120; i++) made.push((await makeApproval(world, actor, { ref_id: `r${i}` })).approval_id)
  for (const limit of [7, 50, 60, 100, undefined]) {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await as(world, actor).approvals.list({ limit, cursor })
      expect(page.items.length).toBeLessThanOrEqual(limit ?? 50)
      seen.push(...page.items.map((one) => one.approval_id))
      cursor = page.next_cursor ?? undefined
    } while (cursor)
    expect(seen).toEqual(made.toSorted().reverse())
  }
})

test('limit and cursor are refused beyond what a page returned', async () => {
  const { actor } = await makeAsker(world)
  const { list } = as(world, actor).approvals
  for (const limit of [0, 101, 1.5, -1]) expect(await faultyFields(list({ limit })), String(limit)).toEqual(['limit'])
  for (const cursor of ['', 'x', '*', 'a'.repeat(513), Buffer.from('\0'.repeat(26)).toString('base64url')])
    expect(await codeOf(list({ cursor })), cursor).toBe('INVALID_INPUT')
})

test('the filters keep what they name: status, key path, reference and time', async () => {
  const { actor } = await makeAsker(world)
  const caller = as(world, actor)
  const ids: Record<string, string> = {}
  for (const name of ['waiting', 'executed', 'expired', 'swept', 'invalidated', 'locked'])
    ids[name] = (await makeApproval(world, actor, { key_path: `at/${name}`, ref_id: name })).approval_id
  await caller.approvals.invalidate({ approval_id: ids.invalidated ?? '' })
  for (const status of ['executed', 'locked'])
    await world.db.sql`update approvals set status = ${status}, ended_at = now() where id = ${ids[status] ?? ''}`
  await world.db.sql`update approvals set expires_at = now() where id = ${ids.expired ?? ''}`
  await world.db
    .sql`update approvals set expires_at = now(), status = 'expired', ended_at = now() where id = ${ids.swept ?? ''}`

  const refs = async (filter: object) => (await caller.approvals.list(filter)).items.map((one) => one.ref_id).toSorted()
  expect(await refs({ status: 'pending' })).toEqual(['waiting'])
  expect(await refs({ status: 'expired' })).toEqual(['expired', 'swept'])
  for (const status of ['executed', 'invalidated', 'locked']) expect(await refs({ status })).toEqual([status])
  expect(await refs({ key_path: 'at/locked' })).toEqual(['locked'])
  expect(await refs({ key_path: 'at' })).toEqual([])
  expect(await refs({ ref_id: 'swept' })).toEqual(['swept'])
  expect(await refs({ ref_id: 'swept', status: 'pending' })).toEqual([])
  const { items } = await caller.approvals.list({ ref_id: 'waiting' })
  const at = items[0]?.created_at ?? ''
  expect(await refs({ since: at, ref_id: 'waiting' })).toEqual(['waiting'])
  expect(await refs({ until: at, ref_id: 'waiting' })).toEqual([])
  const shown = (await caller.approvals.list({ ref_id: 'expired' })).items[0]
  expect(shown).toEqual(await caller.approvals.get({ approval_id: ids.expired ?? '' }))
  expect(shown).toMatchObject({ status: 'expired', ended_at: shown?.expires_at })
})

test('instants are read strictly, and those that the database cannot hold are refused', async () => {
  const { actor } = await makeAsker(world)
  for (const since of [
    'yesterday',
    '2025-02-30T00:00:00Z',
    '2025-01-01',
    '2025-01-01T00:00:00+02:00',
    '0000-01-01T00:00:00Z',
  ])
    expect(await faultyFields(as(world, actor).approvals.list({ since })), since).toEqual(['since'])
  expect(
    await codeOf(as(world, actor).approvals.list({ since: '0001-01-01T00:00:00Z', until: '9999-12-31T23:59:59Z' })),
  ).toBe('done')
})

test('a key sees only what lies within its paths and its project, and never a link', async () => {
  const { actor, project } = await makeAsker(world)
  const inside = await makeApproval(world, actor, { key_path: 'deploy/prod' })
  const outside = await makeApproval(world, actor, { key_path: 'deployer' })
  const narrow = as(world, (await makeKey(world, project, 'write', { keyPaths: ['deploy'] })).actor)
  const { items } = await narrow.approvals.list({})
  expect(items.map((one) => one.approval_id)).toEqual([inside.approval_id])
  expect(JSON.stringify(items)).not.toContain(inside.token)
  expect(await codeOf(narrow.approvals.get({ approval_id: outside.approval_id }))).toBe('NOT_FOUND')
  expect(await codeOf(narrow.approvals.create({ key_path: 'deployer', value: 'x' }))).toBe('KEY_PATH_NOT_ALLOWED')
  const none = as(world, (await makeKey(world, project, 'write', { keyPaths: [] })).actor)
  expect((await none.approvals.list({})).items).toEqual([])
  const other = as(world, (await makeAsker(world)).actor)
  expect((await other.approvals.list({})).items).toEqual([])
  expect(await codeOf(other.approvals.get({ approval_id: inside.approval_id }))).toBe('NOT_FOUND')
  expect(await codeOf(asVisitor(world).approvals.list({}))).toBe('SIGNED_OUT')
})
