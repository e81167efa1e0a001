import { describe, expect, test } from 'vitest'
import { transports } from '../../shared/scopes.ts'
import { type Ask, asker } from '../http.ts'
import { makeAsker, makeKey } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { project, key: ordinary } = await makeAsker(world)
const { key: open } = await makeKey(world, project, 'write', { transports })
const { key: other } = await makeKey(world, project, 'write', { transports })
const ask = asker(url)

const basic = (key: string, user = 'anyone') => `Basic ${Buffer.from(`${user}:${key}`).toString('base64')}`
const wish = { key_path: 'deploy/prod', value: 'yes' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** The seven ways (seeds 0–4), each as a request that creates an approval. */
const ways: Record<string, (key: string) => { path?: string; ask: Ask }> = {
  'Authorization: Bearer': (key) => ({ ask: { headers: { authorization: `bearer ${key}` }, body: wish } }),
  'X-API-Key': (key) => ({ ask: { headers: { 'x-api-key': key }, body: wish } }),
  'X-ApiKey': (key) => ({ ask: { headers: { 'x-apikey': key }, body: wish } }),
  'HTTP Basic': (key) => ({ ask: { headers: { authorization: basic(key) }, body: wish } }),
  'the query': (key) => ({ path: `?key=${key}`, ask: { body: wish } }),
  'a form field': (key) => ({ ask: { headers: form, body: new URLSearchParams({ ...wish, key }).toString() } }),
  'the JSON body': (key) => ({ ask: { body: { ...wish, API_Key: key } } }),
}
const send = ({ path = '', ask: what }: { path?: string; ask: Ask }) => ask('POST', `/v1/approvals${path}`, what)

describe.each(Object.entries(ways))('a key in %s', (name, way) => {
  test('is taken when the key allows it', async () => {
    expect(await send(way(open))).toMatchObject({ status: 201 })
  })
  test('is refused with what to do when the key does not', async () => {
    const reply = await send(way(ordinary))
    if (['the query', 'a form field', 'the JSON body'].includes(name)) {
      expect(reply).toMatchObject({ status: 403, body: { code: 'TRANSPORT_NOT_ALLOWED' } })
      expect(reply.body.error).toMatch(/may not arrive .* --transports (query|form|json)/)
    } else expect(reply.status).toBe(201)
  })
  test('beside the same key as Bearer is one credential, beside another one ambiguous', async () => {
    const { path, ask: what } = way(open)
    const beside = (key: string) => {
      const twice = name === 'HTTP Basic' || name === 'Authorization: Bearer'
      return send({
        path,
        ask: {
          ...what,
          headers: { ...what.headers, [twice ? 'x-api-key' : 'authorization']: twice ? key : `Bearer ${key}` },
        },
      })
    }
    expect((await beside(open)).status).toBe(201)
    const reply = await beside(other)
    expect(reply).toMatchObject({ status: 400, body: { code: 'AMBIGUOUS_CREDENTIALS' } })
    expect(reply.text).not.toContain(open)
  })
  test('never comes back in an error about the other fields', async () => {
    const { path, ask: what } = way(open)
    const bad = typeof what.body === 'string' ? `${what.body}&nope=1` : { ...Object(what.body), nope: 1 }
    const reply = await send({ path, ask: { ...what, body: bad } })
    expect(reply).toMatchObject({ status: 400, body: { issues: [{ path: 'nope', message: 'Unknown field.' }] } })
    expect(reply.text).not.toContain(open)
  })
})

test('two Authorization headers that differ are ambiguous, not the first of them', async () => {
  const headers = { authorization: [`Bearer ${open}`, `Bearer ${other}`] }
  expect(await ask('GET', '/v1/keys', { headers })).toMatchObject({
    status: 400,
    body: { code: 'AMBIGUOUS_CREDENTIALS' },
  })
  const named = { 'x-api-key': [open, other] }
  expect(await ask('GET', '/v1/keys', { headers: named })).toMatchObject({
    status: 400,
    body: { code: 'AMBIGUOUS_CREDENTIALS' },
  })
  expect(
    (await ask('GET', '/v1/keys', { headers: { authorization: [`Bearer ${open}`, `Bearer ${open}`] } })).status,
  ).toBe(200)
})

test('a form field key on PUT is part of the raw value and no credential', async () => {
  const reply = await ask('PUT', '/v1/key/raw/form', { key: open, headers: form, body: `key=${other}` })
  expect([reply.status, reply.text]).toEqual([201, `"key=${other}"`])
})

test('no key, an unknown one, and a dead one are three codes of 401 that name the scheme', async () => {
  const { id, key: revoked } = await makeKey(world, project)
  await world.db.sql`update api_keys set revoked_at = now() where id = ${id}`
  const { id: lateId, key: expired } = await makeKey(world, project, 'write', { lifetime: 60 })
  await world.db.sql`update api_keys set expires_at = now() where id = ${lateId}`
  const unknown = (await makeKey(world, project)).key
  await world.db.sql`delete from api_keys where id in (select max(id) from api_keys)`
  const cases: [Record<string, string>, string][] = [
    [{}, 'MISSING_API_KEY'],
    [{ authorization: 'Bearer' }, 'MISSING_API_KEY'],
    [{ authorization: basic('') }, 'MISSING_API_KEY'],
    [{ authorization: 'Bearer nonsense' }, 'INVALID_API_KEY'],
    [{ 'x-api-key': `${open}x` }, 'INVALID_API_KEY'],
    [{ 'x-api-key': unknown }, 'INVALID_API_KEY'],
    [{ 'x-api-key': revoked }, 'EXPIRED_API_KEY'],
    [{ 'x-api-key': expired }, 'EXPIRED_API_KEY'],
  ]
  for (const [headers, code] of cases) {
    const reply = await ask('GET', '/v1/keys', { headers })
    expect(reply, JSON.stringify(headers)).toMatchObject({ status: 401, body: { code } })
    expect(reply.headers['www-authenticate']).toMatch(/^Bearer/)
  }
})

test('a key without the scope is told which it lacks', async () => {
  const { key: reader } = await makeKey(world, project, 'read')
  const reply = await ask('PUT', '/v1/key/a', { key: reader, body: 'x' })
  expect(reply).toMatchObject({ status: 403, body: { code: 'INSUFFICIENT_SCOPE' } })
  expect(reply.body.error).toContain('values:write')
  expect((await ask('GET', '/v1/approvals', { key: reader })).status).toBe(403)
})
