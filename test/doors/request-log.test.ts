import { describe, expect, test } from 'vitest'
import { requestLog } from '../../server/requests/log.ts'
import { transports } from '../../shared/scopes.ts'
import { as } from '../as.ts'
import { type Ask, asker } from '../http.ts'
import { makeAsker, makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve({ TRUSTED_PROXIES: '127.0.0.1' })
const ask = asker(url)
const { sql } = world.db

/** What the log says of one key, oldest first, once all is written. */
async function logged(keyId: string) {
  await requestLog(world).flush()
  return sql`select * from requests where key_id = ${keyId} order by seq`
}

describe('a request with a key', () => {
  test('is one row: who, what, by which template, how it ended, how long and how large', async () => {
    const { project, id, key } = await makeAsker(world)
    const headers = { 'user-agent': 'test/1', 'x-forwarded-for': '203.0.113.9' }
    const wish = { key_path: 'secret/place', value: 'v' }
    const replies = [
      await ask('PUT', '/v1/key/secret/place', { key, body: 'hidden', headers }),
      await ask('GET', '/api/v1/key/secret%2Fplace?view=full', { key, headers }),
      await ask('GET', '/v1/key/secret/place/history', { key, headers }),
      await ask('POST', '/v1/approvals', { key, body: wish, headers }),
      await ask('GET', '/v1/approvals/01ARZ3NDEKTSV4RRFFQ69G5FAV', { key, headers }),
      await ask('DELETE', '/v1/key/secret/place', { key, headers }),
    ]
    const rows = await logged(id)
    expect(rows.map((row) => [row.id, row.method, row.route, row.status, row.code])).toEqual(
      [
        ['PUT', '/v1/key/{key_path}', 201, null],
        ['GET', '/api/v1/key/{key_path}', 200, null],
        ['GET', '/v1/key/{key_path}/history', 200, null],
        ['POST', '/v1/approvals', 201, null],
        ['GET', '/v1/approvals/{approval_id}', 404, 'NOT_FOUND'],
        ['DELETE', '/v1/key/{key_path}', 204, null],
      ].map((row, n) => [replies[n]?.headers['x-request-id'], ...row]),
    )
    for (const [n, row] of rows.entries())
      expect(row).toMatchObject({
        project_id: project.id,
        ip: '203.0.113.9',
        bytes_out: Buffer.byteLength(replies[n]?.text ?? ''),
        request_body: null,
        response_body: null,
      })
    expect(rows[0]?.bytes_in).toBe(6)
    expect(JSON.stringify(rows)).not.toMatch(/secret\/place|hidden/)
    const [use] = await sql`select ip, user_agent, uses from key_uses where key_id = ${id}`
    expect(use).toMatchObject({ ip: '203.0.113.9', user_agent: 'test/1', uses: '6' })
  })
  test('is a row also when it was refused, with the code, whoever refused it', async () => {
    const { project, id, key } = await makeAsker(world)
    const big = { key, body: 'x'.repeat(70_000), headers: { 'content-type': 'application/json' } }
    const broken = { key, body: '{"a":', headers: { 'content-type': 'application/json' } }
    const cases: [string, string, Ask][] = [
      ['GET', '/v1/api-keys', { key }],
      ['POST', '/v1/approvals', { key, body: { key_path: 'a' } }],
      ['POST', '/v1/approvals', broken],
      ['POST', '/v1/approvals', { key, body: 'x', headers: { 'content-type': 'text/x' } }],
      ['POST', '/v1/approvals', big],
      ['PUT', '/v1/approvals', { key }],
      ['GET', `/v1/keys?key=${key}`, {}],
      ['GET', '/v1/key/a?key=1&key=2', { key }],
    ]
    for (const [method, path, what] of cases) await ask(method, path, what)
    expect((await logged(id)).map((row) => [row.status, row.code])).toEqual(
      expect.arrayContaining([
        [403, 'INSUFFICIENT_SCOPE'],
        [400, 'INVALID_INPUT'],
        [400, 'MALFORMED_BODY'],
        [415, 'UNSUPPORTED_MEDIA_TYPE'],
        [413, 'BODY_TOO_LARGE'],
        [405, 'METHOD_NOT_ALLOWED'],
        [403, 'TRANSPORT_NOT_ALLOWED'],
        [400, 'INVALID_INPUT'],
      ]),
    )
    expect(await logged(id)).toHaveLength(cases.length)
    const closed = await makeKey(world, project, 'read', { ipAllowlist: [] })
    const ended = await makeKey(world, project, 'read')
    await sql`update api_keys set revoked_at = now() where id = ${ended.id}`
    await expect.poll(async () => (await ask('GET', '/v1/keys', { key: ended.key })).status).toBe(401)
    await ask('GET', '/v1/keys', { key: closed.key })
    expect((await logged(closed.id)).map((row) => row.code)).toEqual(['IP_NOT_ALLOWED'])
    expect((await logged(ended.id)).at(-1)).toMatchObject({ status: 401, code: 'EXPIRED_API_KEY' })
    expect(await sql`select 1 from key_uses where key_id = ${closed.id}`).toHaveLength(0)
  })
  test('that is limited says so', async () => {
    const { url: narrow, world: other } = await serve({ RATE_LIMITS: 'key read=2/60' }, { address: world.address })
    const { id, key } = await makeAsker(world)
    for (let n = 0; n < 3; n++) await asker(narrow)('GET', '/v1/keys', { key })
    await requestLog(other).flush()
    expect((await logged(id)).map((row) => row.code)).toEqual([null, null, 'RATE_LIMITED'])
  })
  test('whose key is unknown, or that needs none, is no row; nor is the demo', async () => {
    const { key } = await makeAsker(world)
    await requestLog(world).flush()
    const count = async () => (await sql`select count(*)::int as rows from requests`)[0]?.rows
    const before = await count()
    const demo = await ask('POST', '/v1/demo/approvals', { key })
    expect(demo.status).toBe(201)
    await ask('GET', '/v1/key/demo/test', { key: String(demo.body.api_key) })
    await ask('GET', '/v1/link/approvals/0123456789ABCDEFGHJKMNPQRS', { key })
    await ask('GET', '/v1/keys')
    await ask('GET', '/v1/keys', { key: `${key.slice(0, -1)}-` })
    await ask('GET', '/v1/keys', { headers: { authorization: `Bearer ${key}`, 'x-api-key': `${key.slice(0, -1)}-` } })
    await requestLog(world).flush()
    expect(await count()).toBe(before)
  })
  test('is in the log within a second, for who reads it by API and in the dashboard', async () => {
    const project = await makeProject(world)
    const { id, key } = await makeKey(world, project, 'admin')
    const { actor } = await makePerson(world, project, 'ADMIN')
    await ask('GET', '/v1/keys', { key })
    await expect
      .poll(async () => (await as(world, actor).keys.requests({ keyId: id })).items.length, { timeout: 1000 })
      .toBe(1)
    const own = await ask('GET', `/v1/api-keys/${id}/requests`, { key })
    expect(own).toMatchObject({ status: 200, body: { items: [{ key_id: id, route: '/v1/keys', status: 200 }] } })
    expect((await ask('GET', '/v1/requests?failed=true', { key })).body).toMatchObject({ items: [] })
  })
  test('that its client left is 499, and one that waited says how long', async () => {
    const { id, key } = await makeAsker(world)
    const left = fetch(`${url}/v1/key/never?wait=20`, {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(500),
    })
    await expect(left).rejects.toThrow()
    await ask('GET', '/v1/key/never?wait=1', { key })
    const rows = await logged(id)
    expect(rows.map((row) => row.status)).toEqual([499, 404])
    expect(rows[1]?.ms).toBeGreaterThanOrEqual(1000)
    expect(rows[1]?.ms).toBeLessThan(3000)
  })
})

describe('bodies', () => {
  const bodies = async (logging: 'none' | 'request' | 'response' | 'both', use: (key: string) => Promise<unknown>) => {
    const { id, key } = await makeKey(world, await makeProject(world), 'admin', { logging, transports })
    await use(key)
    return (await logged(id)).map((row) => [row.request_body, row.response_body])
  }
  const wish = { key_path: 'a', value: 'CANARY', info: 'Deploy?', pin: '1234', ref_id: 'build-1' }

  test.each([
    ['none', false, false],
    ['request', true, false],
    ['response', false, true],
    ['both', true, true],
  ] as const)('are kept as the key says: %s', async (logging, request, response) => {
    const [row] = await bodies(logging, (key) => ask('POST', '/v1/approvals', { key, body: wish }))
    expect(row?.map((body) => body !== null)).toEqual([request, response])
  })
  test('keep what the schema names, without secrets, addresses, queries and credentials', async () => {
    const rows = await bodies('both', async (key) => {
      await ask('POST', '/v1/approvals?comment=required', { body: { ...wish, API_Key: key } })
      await ask('PUT', '/v1/key/place', { key, body: 'CANARY' })
      await ask('GET', '/v1/key/place?view=full', { key })
      await ask('POST', '/v1/approvals', { key, body: { ...wish, info: { a: 'b' }, other: 'x' } })
      await ask('POST', '/v1/approvals', { key, body: 'CANARY', headers: { 'content-type': 'application/json' } })
    })
    const [created, put, got, refused, broken] = rows.map((row) => row.map((body) => body && safe(body)))
    expect(created?.[0]).toEqual({
      key_path: 'a',
      value: '[removed]',
      info: 'Deploy?',
      pin: '[removed]',
      ref_id: 'build-1',
    })
    expect(created?.[1]).toMatchObject({ url: '[removed]', status: 'pending' })
    expect(put).toEqual(['[6 bytes]', expect.objectContaining({ key_path: 'place', value: '[removed]', version: 1 })])
    expect(got).toEqual([null, expect.objectContaining({ value: '[removed]' })])
    expect(refused?.[0]).toEqual({ ...wish, value: '[removed]', pin: '[removed]', info: '[removed]' })
    expect(refused?.[1]).toEqual({ code: 'INVALID_INPUT', fields: ['info'] })
    expect(broken).toEqual(['[6 bytes]', { code: 'MALFORMED_BODY' }])
    expect(JSON.stringify(rows)).not.toContain('CANARY')
  })
  test('end by themselves', async () => {
    const project = await makeProject(world)
    const { id, key } = await makeKey(world, project, 'write', { logging: 'both' })
    const kept = async () => {
      await ask('POST', '/v1/approvals', { key, body: wish })
      return (await logged(id)).at(-1)?.request_body !== null
    }
    expect(await kept()).toBe(true)
    await sql`update api_keys set logging_until = now() + interval '1 second' where id = ${id}`
    await expect.poll(kept, { timeout: 10_000, interval: 200 }).toBe(false)
  })
  test('are cut at 16 KiB', async () => {
    const [row] = await bodies('both', (key) =>
      ask('POST', '/v1/api-keys', {
        key,
        body: {
          name: 'x',
          scopes: ['values:read'],
          key_paths: Array.from({ length: 60 }, (_, n) => `${'p'.repeat(120)}/`.repeat(3) + n),
        },
      }),
    )
    expect(row?.map((body) => Buffer.byteLength(body ?? ''))).toEqual([16 * 1024, 16 * 1024])
  })
})

const safe = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
