import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { asker } from '../http.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve({ HOST: '::' })
const { url: proxiedUrl } = await serve({ TRUSTED_PROXIES: '127.0.0.1' }, { address: world.address })
const [ask, proxied] = [asker(url), asker(proxiedUrl)]

const limit = (projectId: string, list: string[] | null) =>
  world.db.sql`update projects set ip_allowlist = ${list} where id = ${projectId}`

describe('a key’s addresses', () => {
  const cases: [string, string[] | null, string[] | null, number][] = [
    ['no list', null, null, 200],
    ['its own list with the caller', null, ['127.0.0.1'], 200],
    ['a network with the caller', null, ['10.0.0.0/8', '127.0.0.0/8'], 200],
    ['a list without the caller', null, ['10.0.0.0/8', '::1'], 403],
    ['an empty list', null, [], 403],
    ['the project’s list without the caller', ['10.0.0.0/8'], null, 403],
    ['the project’s empty list', [], ['127.0.0.1'], 403],
    ['both lists with the caller', ['127.0.0.0/8'], ['127.0.0.1'], 200],
    ['its own list wider than the project’s', ['10.0.0.0/8'], ['0.0.0.0/0', '::/0'], 403],
    ['its own list narrower than the project’s', ['0.0.0.0/0'], ['10.0.0.1'], 403],
  ]
  test.each(cases)(
    '%s: project %j, key %j → %d, whatever it claims in a header',
    async (_, ofProject, ofKey, status) => {
      const project = await makeProject(world)
      await limit(project.id, ofProject)
      const { key } = await makeKey(world, project, 'write', { ipAllowlist: ofKey })
      const claims: Record<string, string>[] = [{}, { 'x-forwarded-for': '10.0.0.1' }, { forwarded: 'for=127.0.0.1' }]
      for (const headers of claims) {
        const reply = await ask('GET', '/v1/keys', { key, headers })
        expect(reply.status).toBe(status)
        if (status === 403) expect(reply.body.code).toBe('IP_NOT_ALLOWED')
      }
    },
  )
  test('are the client’s behind a trusted proxy, mapped IPv6 being IPv4', async () => {
    const { key } = await makeKey(world, await makeProject(world), 'write', {
      ipAllowlist: ['10.0.0.0/8', '2001:db8::/32'],
    })
    const from = async (address: string) =>
      (await proxied('GET', '/v1/keys', { key, headers: { 'x-forwarded-for': address } })).status
    for (const [address, status] of [
      ['10.2.3.4', 200],
      ['::ffff:10.2.3.4', 200],
      ['2001:db8::7', 200],
      ['10.2.3.4:5678', 200],
      ['10.2.3.4, 11.0.0.1', 403],
      ['11.0.0.1', 403],
      ['::ffff:11.0.0.1', 403],
      ['::1', 403],
      ['nonsense', 403],
    ] as const)
      expect(await from(address), address).toBe(status)
  })
  test('are asked after the key proved valid: an unknown or ended one learns nothing of them', async () => {
    const { id, key } = await makeKey(world, await makeProject(world), 'write', { ipAllowlist: [] })
    expect(await ask('GET', '/v1/keys', { key: `${key.slice(0, -1)}-` })).toMatchObject({ status: 401 })
    await world.db.sql`update api_keys set revoked_at = now() where id = ${id}`
    await expect.poll(async () => (await ask('GET', '/v1/keys', { key })).body.code).toBe('EXPIRED_API_KEY')
  })
  test('of a test key are those of its live project', async () => {
    const project = await makeProject(world)
    const { key } = await makeKey(world, project, 'write', { env: 'test' })
    expect((await ask('GET', '/v1/keys', { key })).status).toBe(200)
    await limit(project.id, ['10.0.0.1'])
    await expect.poll(async () => (await ask('GET', '/v1/keys', { key })).status).toBe(403)
  })
})

describe('a list that would lock out who writes it', () => {
  test('is refused until confirmed, over REST and for people, and a proxy’s client is who writes', async () => {
    const project = await makeProject(world)
    const { id, key } = await makeKey(world, project, 'admin')
    const change = (at: typeof ask, body: object, headers = {}) =>
      at('PATCH', `/v1/api-keys/${id}`, { key, body, headers })
    expect(await change(ask, { ip_allowlist: ['10.0.0.0/8'] })).toMatchObject({
      status: 409,
      body: { code: 'LOCK_OUT' },
    })
    const client = { 'x-forwarded-for': '10.9.9.9' }
    expect((await change(proxied, { ip_allowlist: ['10.0.0.0/8'] }, client)).status).toBe(200)
    await expect.poll(async () => (await ask('GET', '/v1/keys', { key })).status).toBe(403)
    expect((await proxied('GET', '/v1/keys', { key, headers: client })).status).toBe(200)
    const { keys } = as(world, (await makePerson(world, project)).actor)
    expect(await keys.update({ keyId: id, ip_allowlist: [], allow_lockout: true })).toMatchObject({ ip_allowlist: [] })
    await expect.poll(async () => (await proxied('GET', '/v1/keys', { key, headers: client })).status).toBe(403)
  })
  test('a list with a line that is no address is refused by that line, and nothing changes', async () => {
    const { id, key } = await makeKey(world, await makeProject(world), 'admin')
    const body = { ip_allowlist: ['127.0.0.1', '010.0.0.1', '10.0.0.0/33', 'fe80::1%eth0'] }
    const reply = await ask('PATCH', `/v1/api-keys/${id}`, { key, body })
    expect(reply).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } })
    expect((reply.body.issues as { path: string }[]).map((one) => one.path)).toEqual(
      [1, 2, 3].map((n) => `ip_allowlist.${n}`),
    )
    expect((await ask('GET', `/v1/api-keys/${id}`, { key })).body.ip_allowlist).toBeNull()
  })
})
