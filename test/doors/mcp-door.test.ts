import { describe, expect, test } from 'vitest'
import { requestLog } from '../../server/requests/log.ts'
import { answerPermission, makeAgent } from '../agents.ts'
import { asker } from '../http.ts'
import { makeKey, makeProject } from '../make.ts'
import { mcpOverHttp } from '../mcp.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const ask = asker(url)
const project = await makeProject(world)
const { key, id: keyId } = await makeKey(world, project)

const accept = { accept: 'application/json, text/event-stream' }
const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
const callOf = (name: string, args: object = {}, meta?: object) => ({
  ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
  params: { name, arguments: args, ...(meta ? { _meta: meta } : {}) },
})
const post = (body: unknown, { as = key, headers = {} }: { as?: string; headers?: Record<string, string> } = {}) =>
  ask('POST', '/mcp', { key: as, body, headers: { ...accept, ...headers } })

describe('who may come in', () => {
  test('a key is asked for with the status and the header of REST, before anything is said', async () => {
    const cases: [Record<string, string>, number, string][] = [
      [{}, 401, 'MISSING_API_KEY'],
      [{ authorization: 'Bearer nonsense' }, 401, 'INVALID_API_KEY'],
      [{ authorization: `Bearer ${key}`, 'x-api-key': 'another' }, 400, 'AMBIGUOUS_CREDENTIALS'],
    ]
    for (const [headers, status, code] of cases)
      for (const body of [list, callOf('read_value', { key_path: 'a' })]) {
        const reply = await ask('POST', '/mcp', { body, headers: { ...accept, ...headers } })
        expect([reply.status, reply.body.code]).toEqual([status, code])
        if (status === 401) expect(reply.headers['www-authenticate']).toBe('Bearer realm="countersign"')
      }
    const ways: Record<string, string>[] = [{ authorization: `Bearer ${key}` }, { 'x-api-key': key }]
    for (const headers of ways) {
      const reply = await ask('POST', '/mcp', { body: list, headers: { ...accept, ...headers } })
      expect(reply.status).toBe(200)
      expect(reply.headers['content-type']).toMatch(/^application\/json/)
      expect(reply.headers['cache-control']).toBe('no-store')
    }
  })

  test('pages of other sites do not, whatever name led them here', async () => {
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin', host: 'evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ]
    for (const headers of foreign) {
      const reply = await post(list, { headers })
      expect([reply.status, reply.body.code]).toEqual([403, 'CSRF_FAILED'])
    }
    expect((await post(list, { headers: { origin: url } })).status).toBe(200)
  })

  test('an address outside the allowlist does not, and a key may come only as its maker said', async () => {
    const { key: far } = await makeKey(world, project, 'write', { ipAllowlist: ['10.0.0.0/8'] })
    const { key: basic } = await makeKey(world, project, 'write', { transports: ['basic'] })
    for (const body of [list, callOf('read_value', { key_path: 'a' })]) {
      expect((await post(body, { as: far })).body.code).toBe('IP_NOT_ALLOWED')
      expect((await post(body, { as: basic })).body.code).toBe('TRANSPORT_NOT_ALLOWED')
    }
  })
})

describe('what is said', () => {
  test.each(['GET', 'DELETE', 'PUT', 'PATCH', 'HEAD'])(
    '%s answers 405 and names POST: there are no sessions to end or follow',
    async (method) => {
      const reply = await ask(method, '/mcp', { key, headers: { accept: 'text/event-stream' } })
      expect([reply.status, reply.headers.allow]).toEqual([405, 'POST'])
    },
  )

  test('broken, large, foreign and batched bodies are refused as what they are', async () => {
    const json = { 'content-type': 'application/json' }
    expect((await post('{"jsonrpc":', { headers: json })).body.code).toBe('MALFORMED_BODY')
    expect((await post('x'.repeat(70_000), { headers: json })).body.code).toBe('BODY_TOO_LARGE')
    expect((await post('<x/>', { headers: { 'content-type': 'text/xml' } })).body.code).toBe('UNSUPPORTED_MEDIA_TYPE')
    expect((await post([list, list])).body.code).toBe('MALFORMED_BODY')
    expect((await post({ hello: 1 })).status).toBe(400)
    expect((await post(list, { headers: { 'mcp-session-id': 'made-up' } })).status).toBe(404)
    expect((await post(list, { headers: { 'mcp-protocol-version': '1999-01-01' } })).status).toBe(400)
    const odd = await post({ ...callOf('wait'), params: { name: 7, arguments: 'x' } })
    expect(odd.text).toContain('"error"')
    expect(odd.text).not.toMatch(/node_modules|\.ts:/)
    expect((await post({ jsonrpc: '2.0', method: 'notifications/initialized' })).status).toBe(202)
  })

  test('is on the access log as a request of the key, with the code of a refusal and without arguments', async () => {
    const { key: mine, id } = await makeKey(world, project, 'write', {})
    await world.db.sql`update api_keys set logging = 'both', logging_until = now() + interval '1 hour' where id = ${id}`
    await post(list, { as: mine })
    await post(callOf('share_secret', { secret: 'horse battery' }), { as: mine })
    await post(callOf('read_value', { key_path: 'horse/none' }), { as: mine })
    await requestLog(world).flush()
    const rows = await world.db.sql`select * from requests where key_id = ${id} order by seq`
    expect(rows.map((row) => [row.method, row.route, row.status, row.code])).toEqual([
      ['POST', '/mcp', 200, null],
      ['POST', '/mcp', 200, null],
      ['POST', '/mcp', 200, 'NOT_FOUND'],
    ])
    expect(JSON.stringify(rows)).not.toContain('horse')
    expect(keyId).not.toBe(id)
  })
})

test('calls count as their operations do, everything else as itself, and an agent’s with all that it asks', async () => {
  const { url: strict, world: there } = await serve({
    RATE_LIMITS: 'key read=3/60,everything else=4/60,agent minute=4/60',
  })
  const home = await makeProject(there)
  const { key: plain } = await makeKey(there, home)
  const at = asker(strict)
  const say = (body: unknown, as: string) => at('POST', '/mcp', { key: as, body, headers: accept })
  const read = callOf('read_value', { key_path: 'a' })
  const errors: string[] = []
  for (let i = 0; i < 4; i++) errors.push((await say(read, plain)).text)
  expect(errors.map((text) => /NOT_FOUND|RATE_LIMITED/.exec(text)?.[0])).toEqual([
    ...['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'RATE_LIMITED'],
  ])
  expect(errors[3]).toMatch(/RATE_LIMITED: Too many requests; wait and try again\. Try again in \d+ seconds\./)
  // What cannot be read, and what is no tool, counts as well; then the door itself says no.
  const others = [list, callOf('read_value', { key_path: '//' }), callOf('none'), list, callOf('none')]
  const said = []
  for (const one of others) said.push(await say(one, plain))
  expect(said.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  expect(said[4]?.text).toContain('RATE_LIMITED')
  const refused = await say(list, plain)
  expect([refused.status, refused.body.code, refused.headers['x-ratelimit-remaining']]).toEqual([
    429,
    'RATE_LIMITED',
    '0',
  ])
  const { key: agent } = await makeAgent(there, home)
  const asked = callOf('request_permission', { action: 'a', reason: 'b', wait_seconds: 1 })
  const [first, second, third] = [await say(asked, agent), await say(asked, agent), await say(asked, agent)]
  expect([first.text, second.text].map((text) => text.includes('pending'))).toEqual([true, true])
  expect(third?.text).toContain('RATE_LIMITED')
})

describe('a client that can', () => {
  test('be told of progress is, in a stream; any other is answered in JSON', async () => {
    const { key: agent } = await makeAgent(world, project)
    const { call } = await mcpOverHttp(url, agent)
    const seen: { progress: number }[] = []
    const onprogress = (one: { progress: number }) => void seen.push(one)
    const answer = await call('request_permission', { action: 'a', reason: 'b', wait_seconds: 10 }, { onprogress })
    expect(answer.status).toBe('pending')
    expect(seen.length).toBeGreaterThan(1)
    expect(seen[0]).toMatchObject({ total: 10, message: 'Nobody has answered yet.' })
    expect(seen.map(({ progress }) => progress)).toEqual(seen.map(({ progress }) => progress).toSorted((a, b) => a - b))
    const wish = { action: 'a', reason: 'b', wait_seconds: 0 }
    const plain = await post(callOf('request_permission', wish), { as: agent })
    expect(plain.headers['content-type']).toMatch(/^application\/json/)
    const streamed = await post(callOf('request_permission', wish, { progressToken: 1 }), { as: agent })
    expect(streamed.headers['content-type']).toMatch(/^text\/event-stream/)
    expect(streamed.headers['cache-control']).toBe('no-store')
  })

  test('show an address shows where to sign in, once, and is told when it was answered', async () => {
    const agent = await makeAgent(world, project)
    const person = await makePerson(world, project)
    const [able, plain] = [await mcpOverHttp(url, agent.key, { shows: true }), await mcpOverHttp(url, agent.key)]
    const asked = await able.call('request_permission', {
      action: 'mail.send',
      resource: 'box:1',
      reason: 'b',
      wait_seconds: 1,
    })
    expect(able.shown).toEqual([
      {
        id: asked.handle,
        url: asked.approval_url,
        message: 'Sign in and answer: may the agent do mail.send on box:1?',
      },
    ])
    expect(able.shown[0]?.url).toMatch(new RegExp(`^${url}/p/${project.id}/requests/\\w{26}$`))
    const waiting = able.call('wait', { handle: asked.handle })
    const [id, rows] = [String(asked.handle).slice('permission:'.length), world.db.sql<{ action_hash: string }[]>]
    const [row] = await rows`select action_hash from permissions where id = ${id}`
    await answerPermission(world, person.actor, { id, action_hash: row?.action_hash ?? '' })
    expect((await waiting).status).toBe('approved')
    await expect.poll(() => able.done).toEqual([asked.handle])
    expect(able.shown).toHaveLength(1)
    await plain.call('request_permission', { action: 'mail.send', reason: 'b', wait_seconds: 1 })
    expect(plain.shown).toEqual([])
    expect((await post(callOf('wait', { handle: asked.handle }), { as: agent.key })).headers['mcp-session-id']).toBe(
      undefined,
    )
  })
})
