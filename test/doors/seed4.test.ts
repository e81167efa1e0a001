import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { asker } from '../http.ts'
import { makeKey, makeProject } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const project = await makeProject(world)
const { key } = await makeKey(world, project)
const ask = asker(url)

const run = promisify(execFile)

/** What of the seed's commands stands for something: the host, who asks, and the keys. */
type Placeholders = { secretKey?: string; metadataKey?: string }

/** Runs a command of seed 4 as a shell would, with its placeholders filled in; answers the status and the JSON. */
async function typed<Body = Record<string, unknown>>(command: string, { secretKey, metadataKey }: Placeholders = {}) {
  const filled = command
    .replace('https://ots.appdirect.com', url)
    .replace('USERNAME:APITOKEN', `USERNAME:${key}`)
    .replace('NUMBER_IN_SECONDS', '3600')
    .replace('SECRET_KEY', secretKey ?? 'SECRET_KEY')
    .replace('METADATA_KEY', metadataKey ?? 'METADATA_KEY')
    .replace(/^curl/, `curl -s -w '\\n%{http_code}'`)
  const { stdout } = await run('sh', ['-c', filled])
  const at = stdout.lastIndexOf('\n')
  // JSON of a reply, as its test then looks at it.
  return { status: Number(stdout.slice(at + 1)), body: JSON.parse(stdout.slice(0, at)) as Body }
}

// Seed 4's own commands. Its first names two forms of the body at once, which curl refuses: each is sent singly.
const shareForm = `curl -d 'secret=SECRET&ttl=NUMBER_IN_SECONDS' -u 'USERNAME:APITOKEN' https://ots.appdirect.com/api/v1/share`
const shareMultipart = `curl -u 'USERNAME:APITOKEN' -F 'secret=[SECRET]' https://ots.appdirect.com/api/v1/share`
const generate = `curl -d 'secret=SECRET&ttl=NUMBER_IN_SECONDS'  -u 'USERNAME:APITOKEN' https://ots.appdirect.com/api/v1/generate`
const retrieve = `curl -X POST -u 'USERNAME:APITOKEN' https://ots.appdirect.com/api/v1/secret/SECRET_KEY`
const metadata = `curl -X POST -u 'USERNAME:APITOKEN' https://ots.appdirect.com/api/v1/private/METADATA_KEY`
const burn = `curl -X POST -u 'USERNAME:APITOKEN' https://ots.appdirect.com/api/v1/private/METADATA_KEY/burn`
const recent = `curl -u 'USERNAME:APITOKEN' https://ots.appdirect.com/api/v1/private/recent`

type Made = { metadata_key: string; secret_key: string; value?: string }

const placesOf = ({ secret_key, metadata_key }: Made) => ({ secretKey: secret_key, metadataKey: metadata_key })

describe('seed 4 by real curl', () => {
  test('share answers custid, both keys, ttl and times, by a form and by multipart', async () => {
    const { status, body } = await typed<Made>(shareForm)
    expect(status).toBe(200)
    expect(body).toMatchObject({ custid: 'USERNAME', ttl: 3600, secret_ttl: 3600, metadata_ttl: 7200, state: 'new' })
    expect(Object.values(body).filter((value) => typeof value === 'string')).toHaveLength(4)
    for (const name of ['created', 'updated', 'ttl', 'secret_ttl', 'metadata_ttl'])
      expect(Number.isInteger(body[name as keyof Made])).toBe(true)
    const multipart = await typed<Made>(shareMultipart)
    expect(multipart).toMatchObject({ status: 200, body: { custid: 'USERNAME', ttl: 604_800 } })
    expect((await typed(retrieve, placesOf(body))).body).toEqual({ secret_key: body.secret_key, value: 'SECRET' })
    expect((await typed(retrieve, placesOf(multipart.body))).body).toMatchObject({ value: '[SECRET]' })
  })
  test('generate makes a value of its own, which retrieve answers once', async () => {
    const { status, body } = await typed<Made>(generate)
    expect({ status, value: body.value }).toEqual({ status: 200, value: expect.stringMatching(/^[0-9A-Za-z]{12}$/) })
    expect(await typed(retrieve, placesOf(body))).toEqual({
      status: 200,
      body: { secret_key: body.secret_key, value: body.value },
    })
    expect(await typed(retrieve, placesOf(body))).toMatchObject({ status: 404, body: { message: 'Unknown secret' } })
  })
  test('metadata goes from viewed to received, without the secret', async () => {
    const { body } = await typed<Made>(shareForm)
    const seen = await typed(metadata, placesOf(body))
    expect(seen).toMatchObject({ status: 200, body: { ...body, state: 'viewed', updated: expect.any(Number) } })
    await typed(retrieve, placesOf(body))
    const after = await typed(metadata, placesOf(body))
    expect(after.body).toMatchObject({ state: 'received', received: expect.any(Number), custid: 'USERNAME' })
    expect(after.body).not.toHaveProperty('secret_key')
    expect(after.body).not.toHaveProperty('secret_ttl')
    expect(JSON.stringify([seen, after])).not.toContain('SECRET"')
  })
  test('burn ends it with a status of burned, and nobody reads it any more', async () => {
    const { body } = await typed<Made>(shareForm)
    expect(await typed(burn, placesOf(body))).toMatchObject({
      status: 200,
      body: { state: 'burned', status: 'burned', metadata_key: body.metadata_key, custid: 'USERNAME' },
    })
    expect((await typed(retrieve, placesOf(body))).status).toBe(404)
  })
  test('recent is a list with the metadata keys of this key and without any secret key', async () => {
    const { body: made } = await typed<Made>(shareForm)
    const { status, body } = await typed<Record<string, unknown>[]>(recent)
    expect(status).toBe(200)
    expect(body[0]).toMatchObject({ metadata_key: made.metadata_key, secret_key: null, state: 'new' })
  })
})

describe('ways to say the same', () => {
  const basic = { authorization: `Basic ${Buffer.from(`USERNAME:${key}`).toString('base64')}` }
  const wish = { secret: 'ä & ö', ttl: '120', passphrase: '', recipient: '' }
  const query = new URLSearchParams(wish).toString()
  const ways: Record<string, Parameters<typeof ask>> = {
    'in the query': ['POST', `/api/v1/share?${query}`, { headers: basic }],
    'in the query, by the alias': ['POST', `/api/v1/create?${query}`, { headers: basic }],
    'as a form': [
      'POST',
      '/v1/share',
      { headers: { ...basic, 'content-type': 'application/x-www-form-urlencoded' }, body: query },
    ],
    'as JSON, by the alias': ['POST', '/v1/create', { headers: basic, body: { ...wish, ttl: 120 } }],
    'as JSON, with a Bearer key': ['POST', '/v1/share', { key, body: { ...wish, ttl: 120 } }],
  }
  test.each(Object.entries(ways))('share takes its fields %s', async (_, way) => {
    const made = await ask(...way)
    expect(made).toMatchObject({ status: 200, body: { ttl: 120, passphrase_required: false, recipient: [] } })
    const read = await ask('POST', `/v1/secret/${String(made.body.secret_key)}`, { headers: basic })
    expect(read.body).toMatchObject({ value: 'ä & ö' })
  })
  test.each([
    ['-5', 60],
    ['0', 60],
    ['99999999999999999999999999', 2_592_000],
    ['3600.7', 3600],
  ])('a ttl of %s in a form becomes %s', async (ttl, expected) => {
    const body = new URLSearchParams({ secret: 'x', ttl }).toString()
    const headers = { ...basic, 'content-type': 'application/x-www-form-urlencoded' }
    expect(await ask('POST', '/v1/share', { headers, body })).toMatchObject({ status: 200, body: { ttl: expected } })
  })
  test('GET shows metadata and changes nothing; a POST marks it as viewed', async () => {
    const made = await ask('POST', '/v1/share', { key, body: { secret: 'x' } })
    const path = `/api/v1/private/${String(made.body.metadata_key)}`
    for (const method of ['GET', 'GET', 'HEAD']) expect((await ask(method, path, { key })).status).toBe(200)
    expect((await ask('GET', path, { key })).body).toMatchObject({ state: 'new' })
    expect((await ask('POST', path, { key })).body).toMatchObject({ state: 'viewed' })
    expect((await ask('GET', path, { key })).body).toMatchObject({ state: 'viewed' })
    expect(await ask('PUT', path, { key })).toMatchObject({ status: 405, headers: { allow: 'POST, GET' } })
    expect(await ask('POST', '/api/v1/private/recent', { key })).toMatchObject({ status: 405 })
  })
  test('status needs no key', async () => {
    for (const path of ['/v1/status', '/api/v1/status'])
      expect(await ask('GET', path)).toMatchObject({ status: 200, text: '{"status":"nominal"}' })
  })
})

describe('bad input by HTTP', () => {
  const stored = async () => (await world.db.sql<{ n: number }[]>`select count(*)::int as n from secrets`)[0]?.n
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const bad: Record<string, [field: string, body: object | string]> = {
    'one byte too many': ['secret', { secret: 'x'.repeat(10_001) }],
    'one byte too many as a form': ['secret', `secret=${'%C3%A9'.repeat(5000)}x`],
    'a lone surrogate': ['secret', '{"secret":"a\\ud800"}'],
    'NUL as a form': ['secret', 'secret=a%00b'],
    'no secret': ['secret', {}],
    'a ttl as text': ['ttl', { secret: 'x', ttl: 'an hour' }],
    'a ttl of words in a form': ['ttl', 'secret=x&ttl=soon'],
    'a list of recipients': ['recipient', { secret: 'x', recipient: ['a@example.com'] }],
    'several recipients in one': ['recipient', 'secret=x&recipient=a%40example.com%2Cb%40example.com'],
    'a recipient twice': ['recipient', 'secret=x&recipient=a%40example.com&recipient=b%40example.com'],
    'a header in the recipient': ['recipient', 'secret=x&recipient=a%40example.com%0D%0ABcc%3Ab%40example.com'],
    'a passphrase that is too long': ['passphrase', { secret: 'x', passphrase: 'p'.repeat(1001) }],
    'an unknown field': ['maxviews', { secret: 'x', maxviews: 3 }],
  }
  test.each(Object.entries(bad))('%s answers 400, names the field, and stores nothing', async (_, [field, body]) => {
    const before = await stored()
    const isForm = typeof body === 'string' && !body.startsWith('{')
    const headers = isForm ? form : { 'content-type': 'application/json' }
    const reply = await ask('POST', '/v1/share', { key, headers, body })
    expect(reply).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', message: expect.any(String) } })
    expect(reply.body.issues).toEqual([{ path: field, message: expect.any(String) }])
    expect(await stored()).toBe(before)
  })
  test('10 000 bytes pass by form and JSON, and come back to the byte', async () => {
    for (const secret of ['x'.repeat(10_000), '🔑'.repeat(2500), `${'\r\n\t+%&='.repeat(1000)}`]) {
      const asForm = await ask('POST', '/v1/share', {
        key,
        headers: form,
        body: new URLSearchParams({ secret }).toString(),
      })
      const asJson = await ask('POST', '/v1/share', { key, body: { secret } })
      for (const made of [asForm, asJson]) {
        const read = await ask('POST', `/v1/secret/${String(made.body.secret_key)}`, { key })
        expect(read.body.value).toBe(secret)
      }
    }
  })
  test('a mail where none can be sent answers MAIL_OFF, and nothing is stored', async () => {
    const before = await stored()
    const reply = await ask('POST', '/v1/share', { key, body: { secret: 'x', recipient: 'a@example.com' } })
    expect(reply).toMatchObject({ status: 409, body: { code: 'MAIL_OFF' } })
    expect(await stored()).toBe(before)
  })
})

describe('who asks', () => {
  const family = [
    ['POST', '/share'],
    ['POST', '/create'],
    ['POST', '/generate'],
    ['POST', `/secret/${'a'.repeat(31)}`],
    ['POST', `/private/${'a'.repeat(31)}`],
    ['GET', `/private/${'a'.repeat(31)}`],
    ['POST', `/private/${'a'.repeat(31)}/burn`],
    ['GET', '/private/recent'],
  ] as const
  test.each(family)('%s %s asks for HTTP Basic, whatever was wrong with the key', async (method, path) => {
    const wrong = `Basic ${Buffer.from('USERNAME:ck_live_nope').toString('base64')}`
    for (const prefix of ['/v1', '/api/v1'])
      for (const headers of [undefined, { authorization: wrong }])
        expect(
          await ask(method, prefix + path, {
            ...(headers ? { headers } : {}),
            body: method === 'POST' ? { secret: 'x' } : undefined,
          }),
        ).toMatchObject({
          status: 401,
          headers: { 'www-authenticate': 'Basic realm="countersign"' },
          body: { message: expect.any(String), code: expect.stringMatching(/^(MISSING|INVALID)_API_KEY$/) },
        })
  })
  test('everything else asks for Bearer (control)', async () => {
    expect((await ask('GET', '/v1/approvals')).headers['www-authenticate']).toBe('Bearer realm="countersign"')
  })
  test('a key without the scope is told so with 403', async () => {
    const { key: reader } = await makeKey(world, project, 'write', { scopes: ['values:read'] })
    for (const [method, path] of family)
      expect(await ask(method, `/v1${path}`, { key: reader })).toMatchObject({
        status: 403,
        body: { code: 'INSUFFICIENT_SCOPE' },
      })
  })
})

describe('Idempotency-Key', () => {
  test('repeats a share whose reply was lost, by the same key and body only', async () => {
    const headers = { 'idempotency-key': 'deploy-812' }
    const body = { secret: 'x', ttl: 600 }
    const first = await ask('POST', '/v1/share', { key, headers, body })
    const again = await ask('POST', '/v1/share', { key, headers, body })
    expect(again.text).toBe(first.text)
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect(await ask('POST', '/v1/share', { key, headers, body: { ...body, secret: 'y' } })).toMatchObject({
      status: 422,
    })
    const { key: other } = await makeKey(world, project)
    expect((await ask('POST', '/v1/share', { key: other, headers, body })).body.secret_key).not.toBe(
      first.body.secret_key,
    )
  })
  test('shows a generated value again while it can be read, and no more once it was read or burned', async () => {
    for (const end of ['secret', 'burn'] as const) {
      const headers = { 'idempotency-key': `generated ${end}` }
      const again = () => ask('POST', '/v1/generate', { key, headers, body: {} })
      const first = await again()
      expect((await again()).text).toBe(first.text)
      const { secret_key, metadata_key } = first.body
      await ask('POST', end === 'burn' ? `/v1/private/${metadata_key}/burn` : `/v1/secret/${secret_key}`, { key })
      const late = await again()
      expect([late.status, late.body.code]).toEqual([404, 'UNKNOWN_SECRET'])
      expect(late.text).not.toContain(String(first.body.value))
    }
  })
  test('what is kept for it opens neither the secret nor its metadata to who has only the database', async () => {
    const made = await ask('POST', '/v1/generate', { key, headers: { 'idempotency-key': 'kept-1' }, body: {} })
    const rows = await world.db.sql<{ reply: string }[]>`select encode(reply, 'escape') as reply from idempotency`
    expect(rows.length).toBeGreaterThan(0)
    for (const name of ['secret_key', 'metadata_key', 'value'])
      for (const { reply } of rows) expect(reply).not.toContain(String(made.body[name]))
  })
})
