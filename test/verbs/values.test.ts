import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeApproval, makeAsker, makeKey } from '../make.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { actor, project } = await makeAsker(world)
const { values } = as(world, actor)

describe('a value', () => {
  test('comes back byte-exact, whatever well-formed text it is', async () => {
    for (const value of [
      '',
      ' ',
      'deployed',
      '"quoted"',
      '\u2028\u0001\t\r\n',
      '😀é\u0301',
      'v'.repeat(32_768),
      '{"a":1}',
    ]) {
      expect((await values.put({ key_path: 'text', value })).value).toBe(value)
      expect((await values.get({ key_path: 'text' })).value).toBe(value)
    }
    for (const value of ['\0', '\ud800', 'a\udfff', 'v'.repeat(32_769)])
      expect(await faultyFields(values.put({ key_path: 'text', value }))).toEqual(['value'])
  })
  test('that never was is not found, for reading and for deleting', async () => {
    expect(await codeOf(values.get({ key_path: 'nothing' }))).toBe('NOT_FOUND')
    expect(await codeOf(values.delete({ key_path: 'nothing' }))).toBe('NOT_FOUND')
    expect((await values.history({ key_path: 'nothing' })).items).toEqual([])
    expect(await values.pending({ key_path: 'nothing' })).toEqual({ pending: null, approvals: [] })
  })
  test('keeps counting its versions over a deletion, so that one version names one state', async () => {
    const key_path = 'counted'
    expect(await values.put({ key_path, value: 'a' })).toMatchObject({ version: 1, created: true })
    expect(await values.put({ key_path, value: 'a' })).toMatchObject({ version: 2, created: false })
    await values.delete({ key_path })
    expect(await codeOf(values.get({ key_path }))).toBe('NOT_FOUND')
    expect(await codeOf(values.delete({ key_path }))).toBe('NOT_FOUND')
    expect((await values.list({ prefix: key_path })).items).toEqual([])
    expect(await values.put({ key_path, value: 'b' })).toMatchObject({ version: 4, created: true })
    const { items } = await values.history({ key_path })
    expect(items.map((one) => [one.version, one.value, one.by.id])).toEqual([
      [4, 'b', actor.id],
      [3, null, actor.id],
      [2, 'a', actor.id],
      [1, 'a', actor.id],
    ])
  })
})

describe('a condition', () => {
  const key_path = 'conditional'
  test('that does not hold changes nothing and tells nothing', async () => {
    const count = async () => (await world.db.sql`select count(*)::int as n from events`)[0]?.n
    for (const if_match of ['*', '1', '"1"'])
      expect(await codeOf(values.put({ key_path, value: 'x', if_match }))).toBe('VERSION_MISMATCH')
    expect(await values.put({ key_path, value: 'a', if_none_match: '*' })).toMatchObject({ version: 1 })
    const before = await count()
    for (const if_match of [
      '2',
      '"2"',
      '"0"',
      '"v1"',
      '"abc"',
      '"1-1"',
      '"2147483648"',
      '"99999999999999999999"',
      '"11", "21"',
    ]) {
      expect(await codeOf(values.put({ key_path, value: 'x', if_match })), if_match).toBe('VERSION_MISMATCH')
      expect(await codeOf(values.delete({ key_path, if_match })), if_match).toBe('VERSION_MISMATCH')
    }
    expect(await codeOf(values.put({ key_path, value: 'x', if_none_match: '*' }))).toBe('VERSION_MISMATCH')
    expect(await count()).toBe(before)
    expect(await values.get({ key_path })).toMatchObject({ value: 'a', version: 1 })
  })
  test('that holds lets the change through', async () => {
    let version = 1
    for (const condition of ['*', '@', '"@"', 'W/"@"', '"7", "@"']) {
      const if_match = condition.replace('@', String(version))
      version = (await values.put({ key_path, value: 'b', if_match })).version
    }
    expect(version).toBe(6)
    await values.delete({ key_path, if_match: '"6"' })
    expect(await codeOf(values.put({ key_path, value: 'x', if_match: '*' }))).toBe('VERSION_MISMATCH')
    expect(await codeOf(values.put({ key_path, value: 'x', if_match: '"7"' }))).toBe('VERSION_MISMATCH')
    expect(await values.put({ key_path, value: 'c', if_none_match: '*' })).toMatchObject({ version: 8, created: true })
  })
  test('that cannot be read is refused by its name', async () => {
    for (const if_match of ['', 'abc', '"', '1,2', '""x', '-1', `"${'1'.repeat(300)}"`])
      expect(await faultyFields(values.put({ key_path, value: 'x', if_match })), if_match).toEqual(['if_match'])
    expect(await faultyFields(values.put({ key_path, value: 'x', if_none_match: '"1"' as never }))).toEqual([
      'if_none_match',
    ])
  })
  test('lets exactly one of sixteen racing writers of one version through', async () => {
    const { version } = await values.put({ key_path: 'raced', value: '0' })
    const racers = Array.from({ length: 16 }, (_, i) =>
      codeOf(values.put({ key_path: 'raced', value: `${i}`, if_match: `${version}` })),
    )
    expect((await Promise.all(racers)).filter((code) => code === 'done')).toHaveLength(1)
    const creators = Array.from({ length: 16 }, (_, i) =>
      codeOf(values.put({ key_path: 'fresh', value: `${i}`, if_none_match: '*' })),
    )
    expect((await Promise.all(creators)).filter((code) => code === 'done')).toHaveLength(1)
    const blind = await Promise.all(
      Array.from({ length: 16 }, (_, i) => values.put({ key_path: 'blind', value: `${i}` })),
    )
    expect(blind.map((one) => one.version).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 16 }, (_, i) => i + 1),
    )
    expect(blind.filter((one) => one.created)).toHaveLength(1)
  })
})

describe('a list of values', () => {
  test('pages through 120 of them, each exactly once, and by the beginning of their paths', async () => {
    const { actor } = await makeAsker(world)
    const { values } = as(world, actor)
    const paths = Array.from({ length: 120 }, (_, i) => `many/${i}`)
    for (const key_path of paths) await values.put({ key_path, value: 'x' })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await values.list({ cursor, limit: 50 })
      seen.push(...page.items.map((one) => one.key_path))
      cursor = page.next_cursor ?? undefined
    } while (cursor)
    expect(seen.toSorted()).toEqual(paths.toSorted())
    expect((await values.list({ prefix: 'many/11' })).items).toHaveLength(11)
    expect((await values.list({ prefix: '%' as string }).catch(() => ({ items: [] }))).items).toEqual([])
    expect((await values.list({ prefix: 'MANY' })).items).toEqual([])
    for (const prefix of ['\0', '%', 'a'.repeat(513)])
      expect(await faultyFields(values.list({ prefix }))).toEqual(['prefix'])
  })
  test('has pages of history too, and refuses cursors that it did not make', async () => {
    for (let i = 0; i < 12; i++) await values.put({ key_path: 'paged', value: `${i}` })
    const first = await values.history({ key_path: 'paged', limit: 5 })
    expect(first.items.map((one) => one.version)).toEqual([12, 11, 10, 9, 8])
    const second = await values.history({ key_path: 'paged', limit: 10, cursor: first.next_cursor ?? '' })
    expect(second).toMatchObject({ next_cursor: null })
    expect(second.items).toHaveLength(7)
    for (const place of ['2147483648', '9999999999', '0', '-1', 'x', '1;'])
      expect(
        await faultyFields(values.history({ key_path: 'paged', cursor: Buffer.from(place).toString('base64url') })),
        place,
      ).toEqual(['cursor'])
  })
})

describe('pending', () => {
  test('names the newest approval, all of them newest first, and never a link', async () => {
    const made = []
    for (let i = 0; i < 4; i++) made.push(await makeApproval(world, actor, { key_path: 'asked' }))
    await world.db.sql`update approvals set expires_at = now() where id = ${made[1]?.approval_id ?? ''}`
    await as(world, actor).approvals.invalidate({ approval_id: made[2]?.approval_id ?? '' })
    const left = [made[0], made[3]].map((one) => ({
      approval_id: one?.approval_id ?? '',
      expires_at: one?.expires_at ?? '',
    }))
    const approvals = left.toSorted((a, b) => (a.approval_id < b.approval_id ? 1 : -1))
    expect(await values.pending({ key_path: 'asked' })).toEqual({ pending: approvals[0], approvals })
  })
})

describe('a key that is held to some paths', () => {
  test('reaches them and what lies below, by whole segments, in every operation and list', async () => {
    const { actor: narrow } = await makeKey(world, project, 'write', { keyPaths: ['held/in', 'other'] })
    const caller = as(world, narrow)
    for (const key_path of ['held/in', 'held/in/deep', 'other']) {
      expect(await codeOf(caller.values.put({ key_path, value: 'x' }))).toBe('done')
      expect(await codeOf(caller.values.get({ key_path }))).toBe('done')
    }
    for (const key_path of ['held', 'held/inner', 'held/i', 'others', 'else']) {
      await values.put({ key_path, value: 'secret' })
      await makeApproval(world, actor, { key_path })
      const calls = [
        caller.values.put({ key_path, value: 'x' }),
        caller.values.get({ key_path }),
        caller.values.get({ key_path, wait: 1 }),
        caller.values.delete({ key_path }),
        caller.values.pending({ key_path }),
        caller.values.history({ key_path }),
        caller.approvals.create({ key_path, value: 'x' }),
      ]
      for (const call of calls) expect(await codeOf(call), key_path).toBe('KEY_PATH_NOT_ALLOWED')
    }
    const listed = (await caller.values.list({})).items.map((one) => one.key_path)
    expect(listed.toSorted()).toEqual(['held/in', 'held/in/deep', 'other'])
    expect((await caller.values.list({ prefix: 'held' })).items).toHaveLength(2)
    expect((await caller.values.list({ prefix: 'els' })).items).toEqual([])
    expect((await caller.approvals.list({})).items).toEqual([])
    expect((await caller.approvals.list({ key_path: 'else' })).items).toEqual([])
  })
})
