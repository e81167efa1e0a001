import { describe, expect, test } from 'vitest'
import { granteeOf, grantTo, makeAccount } from '../accounts.ts'
import { as } from '../as.ts'
import { makeApproval, makeAsker, makeKey } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf, refusalIn } from '../refusals.ts'
import { askApproved, decide, readRelease } from '../releases.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db
const { project, actor } = await makeAsker(world)
const [ana, bo] = [await makePerson(world, project), await makePerson(world, project, 'MEMBER')]
const admin = as(world, ana.actor)
const key = as(world, actor)
const put = (key_path: string, value = 'hidden text') => key.values.put({ key_path, value })

describe('a path that is marked "only by approval"', async () => {
  await put('vault/db/password')
  await put('vaulted')
  await admin.values.guard({ key_path: 'vault' })

  test('answers keys 403 with how to ask, whatever way they read and whether or not there is a value', async () => {
    const said = await refusalIn(key.values.get({ key_path: 'vault/db/password' }))
    expect(said).toMatchObject({
      code: 'ONLY_BY_APPROVAL',
      message: expect.stringContaining('release: {"value": "vault/db/password"}'),
      details: { how: 'POST /v1/approvals with release', value: 'vault/db/password' },
    })
    const ways = [
      { key_path: 'vault/db/password', view: 'full' as const },
      { key_path: 'vault/db/password', if_none_match: '"1"' },
      { key_path: 'vault/absent', wait: 30 },
      { key_path: 'vault' },
    ]
    for (const way of ways) expect(await codeOf(key.values.get(way)), JSON.stringify(way)).toBe('ONLY_BY_APPROVAL')
    expect(await codeOf(key.values.history({ key_path: 'vault/db/password' }))).toBe('ONLY_BY_APPROVAL')
    expect(await key.values.get({ key_path: 'vaulted' })).toMatchObject({ value: 'hidden text' })
  })
  test('is in lists of keys without its text, and people see what their role shows them', async () => {
    const { items } = await key.values.list({ prefix: 'vault' })
    const shown = items.map(({ key_path, value, only_by_approval }) => [key_path, value, only_by_approval])
    expect(shown.toSorted()).toEqual([
      ['vault/db/password', null, true],
      ['vaulted', 'hidden text', false],
    ])
    const by = as(world, bo.actor).values
    expect(await by.get({ key_path: 'vault/db/password' })).toMatchObject({ value: 'hidden text' })
    expect((await by.list({ prefix: 'vault/' })).items).toMatchObject([
      { value: 'hidden text', only_by_approval: true },
    ])
    expect((await by.history({ key_path: 'vault/db/password' })).items).toMatchObject([{ value: 'hidden text' }])
  })
  test('is still written by keys, and read by the approval that releases it', async () => {
    await put('vault/db/password', 'newer')
    const asked = await askApproved(world, actor, ana.actor, { value: 'vault/db/password' })
    expect(await readRelease(world, actor, asked)).toMatchObject({ kind: 'value', value: 'newer' })
  })
  test('ends a wait that began before the mark', async () => {
    await put('late/one')
    const waiting = refusalIn(key.values.get({ key_path: 'late/one', wait: 30 }))
    await admin.values.guard({ key_path: 'late' })
    await put('late/one', 'not for the waiter')
    expect((await waiting).code).toBe('ONLY_BY_APPROVAL')
  })
  test('hides approvals that set a value there from every key but the line that asked; people see them', async () => {
    const other = await makeKey(world, project, 'admin')
    const asked = await makeApproval(world, actor, { key_path: 'vault/decided', value: 'decided text' })
    await decide(world, ana.actor, asked)
    const id = { approval_id: asked.approval_id }
    const others = as(world, other.actor).approvals
    expect(await codeOf(others.get(id))).toBe('NOT_FOUND')
    expect(await codeOf(others.receipt(id))).toBe('NOT_FOUND')
    expect(JSON.stringify(await others.list({}))).not.toContain('decided text')
    expect(await key.approvals.get(id)).toMatchObject({ decision: { value: 'decided text' } })
    expect((await key.approvals.list({ key_path: 'vault/decided' })).items).toHaveLength(1)
    expect(await as(world, bo.actor).approvals.get(id)).toMatchObject({ decision: { value: 'decided text' } })
    const open = await makeApproval(world, actor, { key_path: 'open/decided', value: 'open text' })
    expect(await others.get({ approval_id: open.approval_id })).toMatchObject({ actions: [{ value: 'open text' }] })
  })
  test('is marked and unmarked by admins only, each told once; what is marked twice is told of once', async () => {
    for (const who of [as(world, bo.actor), key])
      expect(['INSUFFICIENT_ROLE', 'SIGNED_OUT']).toContain(await codeOf(who.values.guard({ key_path: 'mine' })))
    await admin.values.guard({ key_path: 'mine' })
    await admin.values.guard({ key_path: 'mine' })
    const marked = await as(world, bo.actor).values.guards({})
    expect(marked.map(({ key_path }) => key_path)).toEqual(['late', 'mine', 'vault'])
    expect(marked[1]?.created_by).toMatchObject({ type: 'person', id: ana.id })
    await put('mine/x')
    expect(await codeOf(key.values.get({ key_path: 'mine/x' }))).toBe('ONLY_BY_APPROVAL')
    expect(await codeOf(as(world, bo.actor).values.unguard({ key_path: 'mine' }))).toBe('INSUFFICIENT_ROLE')
    await admin.values.unguard({ key_path: 'mine' })
    expect(await key.values.get({ key_path: 'mine/x' })).toMatchObject({ value: 'hidden text' })
    expect(await codeOf(admin.values.unguard({ key_path: 'mine' }))).toBe('NOT_FOUND')
    const told = await sql`select name from events where target = 'value:mine' order by seq`
    expect(told.map(({ name }) => name)).toEqual(['value.guarded', 'value.unguarded'])
  })
  test('is a mark of its own project: the same path elsewhere, and in the twin, is open', async () => {
    const stranger = await makeAsker(world)
    const trying = await makeKey(world, project, 'write', { env: 'test' })
    for (const who of [stranger.actor, trying.actor]) {
      await as(world, who).values.put({ key_path: 'vault/x', value: 'theirs' })
      expect(await as(world, who).values.get({ key_path: 'vault/x' })).toMatchObject({ value: 'theirs' })
    }
  })
  test('is one of at most 200', async () => {
    const full = await makeAsker(world)
    const owner = await makePerson(world, full.project)
    const by = sql.json({ type: 'system', id: null, name: 'test' })
    await sql`
      insert into guarded_paths (project_id, key_path, created_by)
      select ${full.project.id}, 'p' || n, ${by} from generate_series(1, 200) n`
    expect(await codeOf(as(world, owner.actor).values.guard({ key_path: 'one/more' }))).toBe('TOO_MANY_GUARDS')
  })
})

describe('an account that is marked "only by approval"', () => {
  const made = () => makeAccount(world, project, { owner: bo, tags: ['ops'] })
  const all = async () => as(world, (await makeKey(world, project, 'admin')).actor).accounts
  const mark = (accountId: string, only_by_approval: boolean, who = bo.actor) =>
    as(world, who).accounts.update({ accountId, only_by_approval })

  test('gives keys no code, whatever they were granted, with how to ask; people go on as before', async () => {
    const [marked, open] = [await made(), await made()]
    const granted = await makeKey(world, project, 'admin', { accountTags: [] })
    await grantTo(world, marked, { ...granteeOf(granted.actor), codes: 3 })
    await mark(marked.id, true)
    const ids = `${marked.id},${open.id}`
    const { items } = await (await all()).codes({ ids })
    expect(items).toMatchObject([
      { error_code: 'ONLY_BY_APPROVAL', error: expect.stringContaining(`release: {"account": "${marked.id}"}`) },
      { code: expect.stringMatching(/^\d{6}$/) },
    ])
    expect((await as(world, granted.actor).accounts.codes({ ids: marked.id })).items).toMatchObject([
      { error_code: 'ONLY_BY_APPROVAL' },
    ])
    const [grant] = await sql`select codes_used from account_grants where account_id = ${marked.id}`
    expect(grant?.codes_used).toBe(0)
    const looks = await sql`
      select 1 from events where name = 'account.codes_read' and payload -> 'account_ids' ? ${marked.id}`
    expect(looks).toHaveLength(0)
    expect((await as(world, bo.actor).accounts.codes({ ids })).items.map(({ code }) => code)).toEqual([
      expect.stringMatching(/^\d{6}$/),
      expect.stringMatching(/^\d{6}$/),
    ])
    expect(await (await all()).get({ accountId: marked.id })).toMatchObject({ only_by_approval: true })
    const asked = await askApproved(world, granted.actor, ana.actor, { account: marked.id })
    expect(await readRelease(world, granted.actor, asked)).toMatchObject({ code: expect.stringMatching(/^\d{6}$/) })
  })
  test('is changed, handed on, exported, granted and deleted by people only', async () => {
    const { id: accountId } = await made()
    const keys = await all()
    await keys.update({ accountId, only_by_approval: true })
    const tries = {
      clears: () => keys.update({ accountId, only_by_approval: false }),
      renames: () => keys.update({ accountId, name: 'harmless' }),
      tags: () => keys.update({ accountId, tags: ['mine'] }),
      'hands on': () => keys.update({ accountId, owner: ana.email }),
      exports: () => keys.export({ accountId }),
      grants: () => keys.permit({ accountId, action: 'grant', email: ana.email }),
      deletes: () => keys.delete({ accountId }),
    }
    for (const [what, call] of Object.entries(tries)) expect(await codeOf(call()), what).toBe('ONLY_BY_APPROVAL')
    expect(await as(world, bo.actor).accounts.update({ accountId, name: 'by a person' })).toMatchObject({
      name: 'by a person',
      only_by_approval: true,
    })
    expect(await as(world, ana.actor).accounts.export({ accountId })).toMatchObject({ secret: expect.any(String) })
  })
  test('is unmarked by its owner and by admins, not by who only manages it; each change is told', async () => {
    const account = await made()
    const cem = await makePerson(world, project, 'MEMBER')
    await grantTo(world, account, { ...granteeOf(cem.actor), role: 'manager' })
    await mark(account.id, true, cem.actor)
    expect(await codeOf(mark(account.id, false, cem.actor))).toBe('NOT_YOUR_ACCOUNT')
    expect(await mark(account.id, false)).toMatchObject({ only_by_approval: false })
    await mark(account.id, true)
    expect(await mark(account.id, false, ana.actor)).toMatchObject({ only_by_approval: false })
    const told = await sql`
      select payload -> 'fields' as fields from events where name = 'account.changed' and target = ${`account:${account.id}`}`
    expect(told.map(({ fields }) => fields)).toEqual(Array(4).fill(['only_by_approval']))
  })
})
