import { describe, expect, test } from 'vitest'
import {
  AuthenticationError,
  Client,
  type CountersignError,
  NetworkError,
  NotFoundError,
  RateLimitError,
  ValidationError,
} from '../../clients/typescript/src/index.ts'
import { makeAccount } from '../accounts.ts'
import { makeApproval, makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { freePort } from '../port.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const project = await makeProject(world)
await makePerson(world, project, 'ADMIN')
const { key, actor } = await makeKey(world, project, 'admin')
const client = new Client({ baseUrl: url, apiKey: key })

const faultOf = (promise: Promise<unknown>): Promise<CountersignError> =>
  promise.then(
    () => Promise.reject(new Error('It was not refused.')),
    (error: CountersignError) => error,
  )

describe('lists', () => {
  test('are gone through to their end, page after page, and page by page', async () => {
    const ref_id = 'paging'
    for (let i = 0; i < 5; i++) await makeApproval(world, actor, { ref_id })
    const listing = client.approvals.list({ ref_id, limit: 2 })
    const ids = new Set<string>()
    for await (const { approval_id } of listing) ids.add(approval_id)
    expect(ids.size).toBe(5)
    const first = await listing.page()
    expect(first.items).toHaveLength(2)
    const second = await listing.page(first.next_cursor ?? '')
    expect(second.items.some(({ approval_id }) => first.items.some((one) => one.approval_id === approval_id))).toBe(
      false,
    )
  })

  test('ask for no page more than are wanted', async () => {
    let asked = 0
    const counting = new Client({
      baseUrl: url,
      apiKey: key,
      fetch: (request) => {
        asked++
        return fetch(request)
      },
    })
    for await (const _ of counting.approvals.list({ ref_id: 'paging', limit: 2 })) break
    expect(asked).toBe(1)
  })

  test('of values and their versions', async () => {
    await client.values.put('sdk/a', 'one')
    await client.values.put('sdk/a', 'two')
    await client.values.put('sdk/b', 'x')
    const paths = []
    for await (const { key_path } of client.values.list({ prefix: 'sdk/', limit: 1 })) paths.push(key_path)
    expect(paths.toSorted()).toEqual(['sdk/a', 'sdk/b'])
    const versions = []
    for await (const { value } of client.values.history('sdk/a', { limit: 1 })) versions.push(value)
    expect(versions).toEqual(['two', 'one'])
    await client.values.delete('sdk/b')
    expect(await faultOf(client.values.get('sdk/b'))).toBeInstanceOf(NotFoundError)
  })
})

describe('secrets', () => {
  test('are shared, looked at, and read once', async () => {
    const { secret_key, metadata_key } = await client.secrets.share({ secret: 'päss 🔑', passphrase: 'open' })
    const [reads, keeps] = [secret_key ?? '', metadata_key ?? '']
    expect(await client.secrets.metadata(keeps)).toMatchObject({ state: 'viewed', passphrase_required: true })
    expect(await faultOf(client.secrets.read(reads))).toMatchObject({ code: 'UNKNOWN_SECRET' })
    expect((await client.secrets.read(reads, { passphrase: 'open' })).value).toBe('päss 🔑')
    expect(await faultOf(client.secrets.read(reads, { passphrase: 'open' }))).toBeInstanceOf(NotFoundError)
    expect(await client.secrets.metadata(keeps)).toMatchObject({ state: 'received' })
  })

  test('are read once more under the same Idempotency-Key: a lost answer loses nothing', async () => {
    const { secret_key } = await client.secrets.share({ secret: 'x' })
    const again = { idempotencyKey: 'read-once-1' }
    expect((await client.secrets.read(secret_key ?? '', again)).value).toBe('x')
    expect((await client.secrets.read(secret_key ?? '', again)).value).toBe('x')
  })

  test('are made, burned, and listed', async () => {
    const { value, metadata_key } = await client.secrets.generate({ ttl: 120 })
    expect(value).toHaveLength(12)
    expect(await client.secrets.burn(metadata_key ?? '')).toMatchObject({ state: 'burned' })
    expect((await client.secrets.recent()).map((one) => one.metadata_key)).toContain(metadata_key)
  })
})

test('accounts are listed, and their codes come in the order asked for, an unknown one as an error', async () => {
  const { id } = await makeAccount(world, project, { name: 'SDK' })
  const names = []
  for await (const { name } of client.accounts.list({ q: 'SDK' })) names.push(name)
  expect(names).toEqual(['SDK'])
  const codes = await client.accounts.codes(['nobody', id])
  expect(codes).toMatchObject([{ error_code: 'NOT_FOUND' }, { id, code: expect.stringMatching(/^\d{6}$/) }])
})

test('an agent is made, changed, given another key, and its keys are revoked', async () => {
  const { id, api_key } = await client.agents.create({ name: 'my-assistant' })
  const { permissions } = new Client({ baseUrl: url, apiKey: api_key })
  expect(await permissions.request({ action: 'a.b' })).toMatchObject({ status: 'pending', agent: { id } })
  expect(await client.agents.update(id, { description: 'Answers mail' })).toMatchObject({ description: 'Answers mail' })
  const second = await client.agents.createKey(id)
  const { keys } = await client.agents.get(id)
  expect(keys).toHaveLength(2)
  const first = keys.find((one) => one.id !== second.id)
  await client.agents.revoke(id, { keyId: first?.id ?? '' })
  expect(await faultOf(permissions.list().page())).toMatchObject({ code: 'EXPIRED_API_KEY' })
  const renewed = new Client({ baseUrl: url, apiKey: second.key })
  expect((await renewed.permissions.list().page()).items).toMatchObject([{ action: 'a.b' }])
  expect(await client.agents.revoke(id)).toMatchObject({ live_keys: 0 })
  const found = []
  for await (const one of client.agents.list({ q: 'assistant' })) found.push(one.id)
  expect(found).toEqual([id])
})

describe('errors', () => {
  test('have a class for what programs do differently, and say when to come again', async () => {
    const answering = (status: number, headers = {}) =>
      new Client({ baseUrl: url, apiKey: key, fetch: async () => new Response('', { status, headers }) })
    const limited = await faultOf(answering(429, { 'retry-after': '61' }).values.get('a'))
    expect(limited).toBeInstanceOf(RateLimitError)
    expect(limited).toMatchObject({ name: 'RateLimitError', retryAfter: 61, code: 'HTTP_429' })
    const away = new Date(Date.now() + 90_000).toUTCString()
    const told = (await faultOf(answering(503, { 'retry-after': away }).values.get('a'))).retryAfter ?? 0
    expect(told).toBeGreaterThan(60)
    expect(told).toBeLessThanOrEqual(90)
    expect(await faultOf(answering(500).values.get('a'))).toMatchObject({ name: 'ServerError' })
    expect(await faultOf(answering(418).values.get('a'))).toMatchObject({ name: 'CountersignError', code: 'HTTP_418' })
    const wrong = await faultOf(client.approvals.create({ key_path: 'a//b', value: 'x' }))
    expect(wrong).toBeInstanceOf(ValidationError)
    const port = await freePort()
    const nowhere = new Client({ baseUrl: `http://127.0.0.1:${port}`, apiKey: key, maxRetries: 0 })
    expect(await faultOf(nowhere.values.get('a'))).toBeInstanceOf(NetworkError)
  })

  test('never hold the key: one that no header takes is refused before it is sent', () => {
    for (const apiKey of ['ak_live_x\ny', 'ak_live_ü', '', undefined as unknown as string]) {
      let said: unknown
      try {
        new Client({ baseUrl: url, apiKey })
      } catch (error) {
        said = error
      }
      expect(said).toBeInstanceOf(AuthenticationError)
      expect(String(said)).not.toContain('ak_live')
    }
    expect(() => new Client({ baseUrl: url, apiKey: ` ${key}\n` })).not.toThrow()
  })

  test('follow no redirect: the key and the body go to one host', async () => {
    const asked: string[] = []
    const fetching = (request: Request) => {
      asked.push(request.redirect)
      return fetch(request)
    }
    await new Client({ baseUrl: url, apiKey: key, fetch: fetching }).values.put('sdk/c', 'x')
    expect(asked).toEqual(['error'])
  })
})
