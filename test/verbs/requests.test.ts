import { describe, expect, test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import { unusualOf } from '../../server/keys/uses.ts'
import { newId } from '../../server/lib/id.ts'
import { type LoggedRequest, store, sweepRequests } from '../../server/requests/row.ts'
import { as } from '../as.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld, worldAt } from '../serve.ts'

const world = await testWorld()
const second = await worldAt(world.address)
const { sql } = world.db
const ctx = systemCtx(world, 'access log')

const row = (key: { id: string }, projectId: string, more: Partial<LoggedRequest> = {}): LoggedRequest => ({
  id: newId(),
  projectId,
  keyId: key.id,
  isUse: true,
  at: new Date(),
  method: 'GET',
  route: '/v1/keys',
  status: 200,
  code: null,
  ip: '192.0.2.1',
  userAgent: 'curl',
  ms: 3,
  bytesIn: 0,
  bytesOut: 10,
  requestBody: null,
  responseBody: null,
  ...more,
})

const put = (rows: LoggedRequest[], again = false, { db } = world) =>
  db.sql.begin((tx) => store(tx as unknown as typeof sql, ctx, rows, again)) // a transaction's client is a client

async function setting() {
  const project = await makeProject(world)
  const { actor } = await makePerson(world, project, 'ADMIN')
  return { project, key: await makeKey(world, project), caller: as(world, actor), actor }
}

describe('the access log', () => {
  test('answers newest first, page by page, each row once', async () => {
    const { project, key, caller } = await setting()
    await put(Array.from({ length: 25 }, (_, n) => row(key, project.id, { ms: n })))
    const seen: number[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await caller.requests.list({ limit: 10, cursor })
      seen.push(...page.items.map((one) => one.ms))
      if (page.next_cursor === null) break
      cursor = page.next_cursor
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => 24 - n))
    expect((await caller.keys.requests({ keyId: key.id, limit: 100 })).items).toHaveLength(25)
    expect((await caller.requests.list({ limit: 1 })).items[0]).toMatchObject({ key_id: key.id, key_name: 'write key' })
  })
  test('is filtered by key, method, route, status, failure, address and time', async () => {
    const { project, key, caller } = await setting()
    const other = await makeKey(world, project, 'read')
    const old = new Date(Date.now() - 3_600_000)
    await put([
      row(key, project.id, { ms: 1 }),
      row(other, project.id, { ms: 2, method: 'POST', route: '/api/v1/approvals', status: 201 }),
      row(key, project.id, { ms: 3, status: 404, code: 'NOT_FOUND' }),
      row(key, project.id, { ms: 4, ip: '2001:db8::1', at: old }),
    ])
    const found = async (filter: object) => (await caller.requests.list(filter)).items.map((one) => one.ms)
    expect(await found({})).toEqual([4, 3, 2, 1])
    expect(await found({ key_id: other.id })).toEqual([2])
    expect(await found({ method: 'POST' })).toEqual([2])
    expect(await found({ route: '/api/v1/approvals' })).toEqual([2])
    expect(await found({ status: 404 })).toEqual([3])
    expect(await found({ failed: true })).toEqual([3])
    expect(await found({ failed: false })).toEqual([4, 2, 1])
    expect(await found({ ip: '2001:db8::1' })).toEqual([4])
    const middle = new Date(Date.now() - 600_000).toISOString()
    expect(await found({ since: middle })).toEqual([3, 2, 1])
    expect(await found({ until: middle })).toEqual([4])
    const byKey = async (filter: object) =>
      (await caller.keys.requests({ keyId: key.id, ...filter })).items.map((one) => one.ms)
    expect(await byKey({ status: 404 })).toEqual([3])
    expect(await byKey({ until: middle })).toEqual([4])
    expect(await codeOf(caller.requests.list({ cursor: 'bm90IGEgbnVtYmVy' }))).toBe('INVALID_INPUT')
  })
  test('shows the rows of test keys in the live project, and another project’s to nobody', async () => {
    const { project, caller } = await setting()
    const trying = await makeKey(world, project, 'write', { env: 'test' })
    await put([row(trying, project.id)])
    expect((await caller.keys.requests({ keyId: trying.id })).items).toHaveLength(1)
    const elsewhere = await setting()
    expect((await elsewhere.caller.requests.list({ key_id: trying.id })).items).toEqual([])
    expect(await codeOf(elsewhere.caller.keys.requests({ keyId: trying.id }))).toBe('NOT_FOUND')
    const member = await makePerson(world, project, 'MEMBER')
    expect(await codeOf(as(world, member.actor).requests.list({}))).toBe('INSUFFICIENT_ROLE')
  })
  test('is kept as many days as its project says, and no row longer, whoever sweeps', async () => {
    const [week, month] = [await setting(), await setting()]
    await sql`update projects set requests_days = 7 where id = ${week.project.id}`
    const days = (n: number) => new Date(Date.now() - n * 86_400_000)
    for (const { project, key } of [week, month])
      await put([
        ...Array.from({ length: 1500 }, () => row(key, project.id, { at: days(31) })),
        row(key, project.id, { at: days(8) }),
        row(key, project.id, { at: days(6) }),
      ])
    const sweep = async ({ db }: typeof world) => {
      let count = 0
      for (let n = 1; n > 0; count += n) n = await sweepRequests(db.sql)
      return count
    }
    const gone = await Promise.all([sweep(world), sweep(second), sweep(world), sweep(second)])
    expect(gone.reduce((sum, n) => sum + n)).toBe(3001)
    expect((await week.caller.requests.list({})).items).toHaveLength(1)
    expect((await month.caller.requests.list({})).items).toHaveLength(2)
  })
  test('has a row once, also when its batch is written again', async () => {
    const { project, key, caller } = await setting()
    const rows = Array.from({ length: 5 }, () => row(key, project.id))
    await put(rows)
    await put(rows, true)
    expect((await caller.requests.list({})).items).toHaveLength(5)
    const [use] = await sql`select uses from key_uses where key_id = ${key.id}`
    expect(Number(use?.uses)).toBe(5)
    await put(rows)
    expect((await caller.requests.list({})).items).toHaveLength(10)
  })
})

describe('the last use of a key', () => {
  test('is the newest, whatever order batches of several nodes come in', async () => {
    const { project, key, caller } = await setting()
    const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1000)
    const use = (n: number) => [row(key, project.id, { at: at(n), ip: `192.0.2.${n}`, userAgent: `agent ${n}` })]
    await Promise.all([3, 1, 5, 2, 4].map((n) => put(use(n), false, n % 2 ? world : second)))
    expect((await caller.keys.get({ keyId: key.id })).last_used).toEqual({
      at: at(5).toISOString(),
      ip: '192.0.2.5',
      user_agent: 'agent 5',
    })
  })
  test('is not a request that the key did not open, nor one of a key that is gone', async () => {
    const { project, key, caller } = await setting()
    await put([row(key, project.id, { isUse: false, code: 'IP_NOT_ALLOWED', status: 403 })])
    expect((await caller.keys.get({ keyId: key.id })).last_used).toBeNull()
    await put([row({ id: newId() }, project.id, { ms: 77 })])
    expect((await caller.requests.list({})).items[0]).toMatchObject({ ms: 77, key_name: '' })
  })
})

describe('an unusual network', () => {
  const known = { id: '', name: '', project_id: '', is_settled: true, networks: ['192.0.2.0/24'] }
  test('is a new one of a settled key, unless the key moves about', () => {
    expect(unusualOf(known, ['192.0.2.0/24'])).toBeUndefined()
    expect(unusualOf(known, ['192.0.2.0/24', '203.0.113.0/24'])).toBe('203.0.113.0/24')
    expect(unusualOf({ ...known, is_settled: false }, ['203.0.113.0/24'])).toBeUndefined()
    const roaming = Array.from({ length: 20 }, (_, n) => `10.0.${n}.0/24`)
    expect(unusualOf({ ...known, networks: roaming }, ['203.0.113.0/24'])).toBeUndefined()
  })
  test('is told of once over all nodes, after ten uses and a day, and not again within a day', async () => {
    const { project, key, caller } = await setting()
    const from = (ip: string, count = 1) => Array.from({ length: count }, () => row(key, project.id, { ip }))
    const told = async () =>
      (
        await sql`select payload from events where name = 'key.unusual' and target = ${`key:${key.id}`} order by seq`
      ).map((one) => one.payload.network)
    await put(from('192.0.2.1', 9))
    await sql`update key_uses set first_at = now() - interval '2 days' where key_id = ${key.id}`
    await put(from('198.51.100.1'))
    expect(await told()).toEqual([]) // nine uses before it
    await sql`update key_uses set first_at = now() - interval '23 hours' where key_id = ${key.id}`
    await put(from('198.51.101.1'))
    expect(await told()).toEqual([]) // its first day
    await sql`update key_uses set first_at = now() - interval '2 days' where key_id = ${key.id}`
    await put(from('192.0.2.99'))
    expect(await told()).toEqual([]) // the same /24
    await Promise.all(Array.from({ length: 8 }, (_, n) => put(from('203.0.113.7'), false, n % 2 ? world : second)))
    expect(await told()).toEqual(['203.0.113.0/24'])
    expect((await caller.keys.get({ keyId: key.id })).alerts).toContain('unusual')
    await put(from('2001:db8::1'))
    expect(await told()).toHaveLength(1)
    await sql`update key_uses set unusual_at = now() - interval '2 days' where key_id = ${key.id}`
    await put(from('2001:db8:1::1'))
    expect(await told()).toEqual(['203.0.113.0/24', '2001:db8:1:0::/64'])
  })
  test('is remembered, fifty of them at most', async () => {
    const { project, key } = await setting()
    for (let batch = 0; batch < 6; batch++)
      await put(Array.from({ length: 10 }, (_, n) => row(key, project.id, { ip: `10.${batch}.${n}.1` })))
    const [use] = await sql`select networks from key_uses where key_id = ${key.id}`
    expect(use?.networks).toHaveLength(50)
    expect(use?.networks[0]).toBe('10.0.0.0/24')
  })
})
