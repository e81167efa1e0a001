import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nameOf } from '../../server/lib/driver/traced.ts'
import { packageRoot } from '../../server/lib/root.ts'
import { makeAgent } from '../agents.ts'
import { build, startServer, temporaryDirectory } from '../built.ts'
import { collector, type SentSpan } from '../collector.ts'
import { testDb } from '../db.ts'
import { urlOf } from '../faults/nodes.ts'
import { asker, browser } from '../http.ts'
import { mailbox } from '../mailbox.ts'
import { makeAsker } from '../make.ts'
import { worldAt } from '../serve.ts'
import { often } from '../thorough.ts'

build()
const { address } = await testDb({ max: 2 })
const DATA_DIR = temporaryDirectory()
const shared = {
  ...{ DATABASE_URL: urlOf(address), MASTER_KEY: 'ab'.repeat(32), DATA_DIR },
  ...{ RATE_LIMITS: '*=1000000/60', LOG_LEVEL: 'warn' },
}
const world = await worldAt(address, { MASTER_KEY: shared.MASTER_KEY, DATA_DIR })
const { key, project } = await makeAsker(world)
const { key: testKey } = await makeAgent(world, project, { env: 'test' })

const canary = 'c4nary'
const text = (value: unknown) => String(value)

/** Everything that holds something secret, through every door; answers each word that must not be told. */
async function useAll(url: string): Promise<string[]> {
  const ask = asker(url)
  const wish = { key_path: `${canary}/path`, value: canary, info: canary, pin: '483920', ref_id: canary }
  const made = (await ask('POST', '/v1/approvals', { key, body: wish })).body
  const token = text(made.url).slice(-26)
  const person = browser(url)
  await ask('GET', `/a/${token}`)
  await person.press(token, 'approve', { pin: '111222' })
  const done = await person.press(token, 'approve', { pin: '483920' })
  expect(done.status).toBe(200)
  await ask('GET', `/v1/key/${canary}/path?view=full&key=${key}`)
  await ask('PUT', `/v1/key/${canary}/path`, { key, body: { value: `${canary} 2` } })
  const secret = (
    await ask('POST', '/v1/share', { key, body: { secret: canary, passphrase: `${canary} pass`, ttl: 3600 } })
  ).body
  const read = await ask('POST', `/v1/secret/${secret.secret_key}`, { key, body: { passphrase: `${canary} pass` } })
  expect(read.body.value).toBe(canary)
  const asked = { action: 'email.send', scope: { to: [`${canary}@example.com`] }, reason: canary }
  const permission = (await ask('POST', '/v1/permissions/request', { key: testKey, body: asked })).body
  await ask('GET', `/${canary}?token=${token}`, {
    headers: { cookie: canary, 'user-agent': canary, tracestate: canary },
  })
  await ask('GET', `/trpc/values.get?input=${encodeURIComponent(JSON.stringify({ key_path: `${canary}/path` }))}`, {
    key,
  })
  const words = [canary, key, testKey, token, '483920', '111222', made.approval_id, person.cookie().split('=')[1]]
  const known = [...words, secret.secret_key, secret.metadata_key, permission.token].map(text)
  for (const word of known) expect(word.length).toBeGreaterThan(5)
  return known
}

const within = (spans: SentSpan[], one: SentSpan | undefined) => spans.filter((s) => s.parentSpanId === one?.spanId)

describe('traces', () => {
  test('tell of requests, operations, statements and mails by name alone, and the last ones are sent at the end', async () => {
    const [mails, sent] = [await mailbox(), await collector()]
    const server = await startServer({
      ...{ ...shared, SMTP_URL: mails.url, OTEL_EXPORTER_OTLP_ENDPOINT: `${sent.url}/` },
      ...{ OTEL_EXPORTER_OTLP_HEADERS: 'x-team=blue%20one', OTEL_SERVICE_NAME: 'sign' },
      OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=node-1',
    })
    const secrets = await useAll(server.url)
    const mailed = { secret: canary, ttl: 3600, recipient: `${canary}@example.com` }
    expect((await asker(server.url)('POST', '/v1/share', { key, body: mailed })).status).toBe(200)
    await mails.arrived(1)
    await fetch(`${server.url}/healthz`)
    await fetch(`${server.url}/metrics`)
    const caller = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }
    const traceparent = `00-${caller.traceId}-${caller.spanId}-01`
    await fetch(`${server.url}/v1/keys`, { headers: { authorization: `Bearer ${key}`, traceparent } })
    // Batches go out once a second: what was asked last is only there because it is sent at the end.
    expect(await server.stop()).toMatchObject({ code: 0 })
    const spans = sent.spans()

    for (const word of secrets) expect([word, sent.text().includes(word)]).toEqual([word, false])
    expect(sent.text()).not.toMatch(/[0-9A-HJKMNP-TV-Z]{26}/)
    expect(new Set(sent.asked.map(({ path }) => path))).toEqual(new Set(['/v1/traces']))
    expect(sent.asked[0]?.headers).toMatchObject({ 'x-team': 'blue one', 'content-type': 'application/json' })
    expect(sent.resource()).toMatchObject({ 'service.name': 'sign', 'service.instance.id': 'node-1' })

    const asked = spans.find(({ name }) => name === 'GET /v1/keys')
    expect(asked).toMatchObject({
      ...caller,
      spanId: expect.any(String),
      parentSpanId: caller.spanId,
      kind: 2,
      status: 0,
    })
    expect(asked?.attributes).toEqual({
      'http.request.method': 'GET',
      'url.scheme': 'http',
      'http.route': '/v1/keys',
      'http.response.status_code': 200,
    })
    const [operation] = within(spans, asked)
    expect(operation).toMatchObject({ name: 'values.list', traceId: caller.traceId, kind: 1 })
    expect(within(spans, operation).map(({ attributes }) => attributes['db.system.name'])).toContain('postgresql')

    // A body is read before the operation, and its statements are its own all the same.
    const act = spans.filter(({ name }) => name === 'approvals.act')
    expect(act.map(({ attributes, status }) => [attributes['error.type'], status])).toEqual([
      ['WRONG_PIN', 0],
      [undefined, 0],
    ])
    expect(within(spans, act[1]).length).toBeGreaterThan(0)
    expect(spans.find(({ spanId }) => spanId === act[1]?.parentSpanId)?.name).toMatch(/^POST \/v1\/link\/approvals\/:/)
    expect(spans.find(({ name }) => name === 'mail')).toMatchObject({ kind: 5, status: 0, parentSpanId: undefined })
    expect(spans.filter(({ name }) => /healthz|metrics/.test(name))).toEqual([])
    expect(spans.find(({ name }) => name === 'GET')?.attributes['http.response.status_code']).toBe(404)
    // Rounds by the clock are nobody's requests.
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined)
    expect(roots.filter(({ kind }) => kind === 3)).toEqual([])
  })

  test('are not begun for callers who sample nothing, and begun anew for a traceparent that is none', async () => {
    const sent = await collector()
    const server = await startServer({ ...shared, OTEL_EXPORTER_OTLP_ENDPOINT: sent.url })
    const asking = (traceparent: string, path: string) => fetch(server.url + path, { headers: { traceparent } })
    await asking('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00', '/v1/approvals')
    for (const broken of [
      '',
      canary,
      `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
      `ff-${'a'.repeat(32)}-00f067aa0ba902b7-01`,
    ])
      await asking(broken, '/v1/keys')
    await server.stop()
    const names = sent.spans().map(({ name }) => name)
    expect(names.filter((name) => name === 'GET /v1/approvals')).toHaveLength(0)
    expect(names.filter((name) => name === 'GET /v1/keys')).toHaveLength(4)
    expect(sent.spans().every(({ traceId }) => !/^0+$|^a+$/.test(traceId))).toBe(true)
    expect(sent.text()).not.toContain(canary)
  })

  test('neither fail nor hold up a request when their collector hangs or is not there, nor the end', async () => {
    const hanging = await collector({ hangs: true })
    const gone = await collector()
    gone.close()
    for (const { url } of [hanging, gone]) {
      const server = await startServer({ ...shared, OTEL_EXPORTER_OTLP_ENDPOINT: url })
      const ask = asker(server.url)
      // In the long run more spans than may wait.
      for (let n = 0; n < often(10, 60); n++) {
        const replies = await Promise.all(Array.from({ length: 20 }, () => ask('GET', '/v1/keys', { key })))
        expect(replies.every(({ status }) => status === 200)).toBe(true)
      }
      expect((await ask('GET', '/readyz')).status).toBe(200)
      const ended = await server.stop()
      expect(ended.code).toBe(0)
      expect(ended.stdout).not.toContain(canary)
      if (url === gone.url) expect(ended.stdout.match(/"job":"traces"/g)).toHaveLength(1)
    }
  })
})

test('without a collector nothing of OpenTelemetry is loaded: the program has it in files of their own', () => {
  const dist = join(packageRoot, 'dist', 'server')
  const files = readdirSync(dist).filter((name) => name.endsWith('.js'))
  const texts = files.map((name) => ({ name, text: readFileSync(join(dist, name), 'utf8') }))
  const holding = texts.filter(({ text }) => text.includes('BatchSpanProcessor')).map(({ name }) => name)
  expect(holding).toEqual([expect.stringMatching(/^trace-otel-/)])
  const naming = texts.filter(({ text }) => text.includes(`./${holding[0]}`))
  // By a call, so when somebody asks; nobody imports it from the start.
  expect(naming).toHaveLength(1)
  expect(naming[0]?.text).toContain(`import("./${holding[0]}")`)
  expect(naming[0]?.text).not.toContain(`from "./${holding[0]}"`)
})

test('a statement is named by its first word and its first table, never by what it says', () => {
  expect(nameOf('\n  select id from approvals where id = ')).toBe('SELECT approvals')
  expect(nameOf(`insert into "values" (value) values ('${canary}')`)).toBe('INSERT values')
  expect(nameOf('update graphile_worker.jobs set x')).toBe('UPDATE jobs')
  expect(nameOf('with found as (select 1 from "public"."keys")')).toBe('WITH keys')
  expect(nameOf(`'${canary}'`)).toBe('STATEMENT')
  expect(nameOf(`select '${canary}'`)).toBe('SELECT')
})
