import { describe, expect, test } from 'vitest'
import { asker } from '../http.ts'
import { makeKey, makeProject } from '../make.ts'
import { dashboardHeaders, makePerson, makeSession } from '../people.ts'
import { serve } from '../serve.ts'

const service = await serve()
const { url, world } = service
const { url: secondUrl } = await serve({}, { address: world.address })
const [ask, askSecond] = [asker(url), asker(secondUrl)]
const project = await makeProject(world)
const { key: admin } = await makeKey(world, project, 'admin')

const create = (body: object) => ask('POST', '/v1/api-keys', { key: admin, body })
const read = (at: typeof ask, key: unknown) => at('GET', '/v1/keys', { key: String(key) })

/** Milliseconds until the second node answers so. */
async function until(key: unknown, status: number): Promise<number> {
  const from = performance.now()
  while ((await read(askSecond, key)).status !== status) if (performance.now() - from > 5000) return 5000
  return performance.now() - from
}

test('a key is made, read, listed, changed, rotated and revoked over REST', async () => {
  const made = await create({ name: 'ci', scopes: ['values:read'] })
  expect(made.status).toBe(201)
  const { id, key, ...shown } = made.body
  expect(key).toMatch(/^otr_[0-9A-Za-z]{32}$/)
  expect(await ask('GET', `/v1/api-keys/${id}`, { key: admin })).toMatchObject({ status: 200, body: { id, ...shown } })
  const listed = await ask('GET', '/v1/api-keys?q=ci', { key: admin })
  expect(listed).toMatchObject({ status: 200, body: { items: [{ id }], next_cursor: null } })
  expect(listed.text).not.toContain(key)
  const changed = await ask('PATCH', `/v1/api-keys/${id}`, { key: admin, body: { name: 'cd' } })
  expect(changed).toMatchObject({ status: 200, body: { id, name: 'cd' } })
  const rotated = await ask('POST', `/v1/api-keys/${id}/rotate`, { key: admin, body: { grace_seconds: 60 } })
  expect(rotated).toMatchObject({ status: 201, body: { name: 'cd', scopes: ['values:read'] } })
  expect((await ask('POST', `/v1/api-keys/${rotated.body.id}/rotate`, { key: admin })).status).toBe(201)
  for (let twice = 0; twice < 2; twice++)
    expect((await ask('DELETE', `/v1/api-keys/${id}`, { key: admin })).status).toBe(204)
})

test('a text of one’s own works over REST, by form as well, and an error never repeats it', async () => {
  const text = 'My-own_text!of.24+characters'
  expect(await create({ name: 'own', scopes: ['values:read'], key: text })).toMatchObject({
    status: 201,
    body: { key: text },
  })
  expect((await read(ask, text)).status).toBe(200)
  for (const body of [
    { name: 'own', scopes: ['values:read'], key: text },
    { name: 'own', scopes: ['values:read'], key: `${text} ` },
    { name: 7, scopes: [text], key: text },
    { name: 'own', scopes: ['values:read'], key: [text] },
  ]) {
    const reply = await create(body)
    expect(reply.status).toBeGreaterThanOrEqual(400)
    expect(reply.text).not.toContain(text)
  }
})

test('the same Idempotency-Key makes one key and answers its text again', async () => {
  const wish = { key: admin, headers: { 'idempotency-key': 'once' }, body: { name: 'once', scopes: ['values:read'] } }
  const [first, second] = [await ask('POST', '/v1/api-keys', wish), await ask('POST', '/v1/api-keys', wish)]
  expect(second).toMatchObject({ status: 201, text: first.text, headers: { 'idempotency-replayed': 'true' } })
  const rotate = () => ask('POST', `/v1/api-keys/${first.body.id}/rotate`, { key: admin, headers: wish.headers })
  expect((await rotate()).text).toBe((await rotate()).text)
})

describe('on another node, which has seen the key', () => {
  const fresh = async () => {
    const { body } = await create({ name: 'fresh', scopes: ['values:read'] })
    expect((await read(askSecond, body.key)).status).toBe(200)
    return body
  }
  const changes: [string, number, (id: unknown) => Promise<unknown>][] = [
    ['revoked', 401, (id) => ask('DELETE', `/v1/api-keys/${id}`, { key: admin })],
    ['disabled', 401, (id) => ask('PATCH', `/v1/api-keys/${id}`, { key: admin, body: { disabled: true } })],
    [
      'rotated without grace',
      401,
      (id) => ask('POST', `/v1/api-keys/${id}/rotate`, { key: admin, body: { grace_seconds: 0 } }),
    ],
    [
      'given other scopes',
      403,
      (id) => ask('PATCH', `/v1/api-keys/${id}`, { key: admin, body: { scopes: ['audit:read'] } }),
    ],
    [
      'given other addresses',
      403,
      (id) =>
        ask('PATCH', `/v1/api-keys/${id}`, { key: admin, body: { ip_allowlist: ['10.0.0.1'], allow_lockout: true } }),
    ],
  ]
  test.each(changes)('a key that is %s answers %d within a second', async (_, status, change) => {
    const { id, key } = await fresh()
    await change(id)
    expect(await until(key, status)).toBeLessThan(1000)
  })
  test('a key that is switched on again works within a second', async () => {
    const { id, key } = await fresh()
    for (const [disabled, status] of [
      [true, 401],
      [false, 200],
    ] as const) {
      await ask('PATCH', `/v1/api-keys/${id}`, { key: admin, body: { disabled } })
      expect(await until(key, status)).toBeLessThan(1000)
    }
  })
  test('a key that expires is refused when its time is over, to the second', async () => {
    const expires = new Date(Date.now() + 1500)
    const { body } = await create({ name: 'short', scopes: ['values:read'], expires_at: expires.toISOString() })
    expect((await read(askSecond, body.key)).status).toBe(200)
    await until(body.key, 401)
    expect(Math.abs(Date.now() - expires.getTime())).toBeLessThan(1000)
  })
})

test('a person makes keys in the dashboard with a fresh sign-in only', async () => {
  const person = await makePerson(world, project, 'ADMIN')
  const make = (who: { cookie: string }) =>
    ask('POST', '/trpc/keys.create', {
      headers: dashboardHeaders(url, who, project),
      body: { name: 'by hand', scopes: ['values:read'] },
    })
  const stale = await make(await makeSession(world, person.id, 11))
  expect([stale.status, stale.text]).toEqual([403, expect.stringContaining('SIGN_IN_AGAIN')])
  const made = await make(person)
  expect(made.status).toBe(200)
  const { key, created_by } = JSON.parse(made.text).result.data
  expect(created_by).toMatchObject({ type: 'person', id: person.id })
  expect((await read(ask, key)).status).toBe(200)
})
