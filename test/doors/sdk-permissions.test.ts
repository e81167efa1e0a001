import { createServer, type IncomingMessage } from 'node:http'
import { afterAll, describe, expect, test } from 'vitest'
import {
  AgentOTPClient,
  Client,
  CountersignError,
  type CountersignError as Fault,
  ForbiddenError,
  InvalidTokenError,
  PermissionDeniedError,
  PermissionExpiredError,
  type PermissionRequest,
  TimeoutError,
  TokenRevokedError,
  TokenUsedError,
} from '../../clients/typescript/src/index.ts'
import { answerPermission, makeAgent, makeAgentKey } from '../agents.ts'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { freePort } from '../port.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const project = await makeProject(world)
const { agent, key } = await makeAgent(world, project)
const { key: testKey } = await makeAgentKey(world, project, agent, { env: 'test' })
const mia = await makePerson(world, project, 'MEMBER')
const { permissions } = new Client({ baseUrl: url, apiKey: key })
const tester = new AgentOTPClient({ baseUrl: url, apiKey: testKey }).permissions

const wish = { action: 'email.send', scope: { to: ['ana@example.com', 'bo@example.com'] } }
const approve = (asked: PermissionRequest) =>
  answerPermission(world, mia.actor, asked, 'approve', { scope: { to: ['ana@example.com'] } })
const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('It was not refused.')),
    (error: Fault) => error,
  )

const closing: (() => void)[] = []
afterAll(() => {
  for (const close of closing) close()
})

/** A proxy on loopback before the server, which does with a request what it is told; undefined passes it on. */
async function meddling(meddle: (request: IncomingMessage, nth: number) => 'lose' | 'limit' | undefined) {
  let count = 0
  const server = createServer(async (request, reply) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    count++
    const what = meddle(request, count)
    if (what === 'limit') return void reply.writeHead(429, { 'retry-after': '0' }).end()
    const { method = '', headers } = request
    const passed = new Headers({ authorization: headers.authorization ?? '', 'content-type': 'application/json' })
    const once = headers['idempotency-key']
    if (once !== undefined) passed.set('idempotency-key', String(once))
    const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }
    const came = await fetch(url + request.url, { method, headers: passed, ...body })
    const text = await came.text()
    if (what === 'lose') return void request.socket.destroy()
    reply.writeHead(came.status, { 'content-type': 'application/json' }).end(text)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return {
    client: new Client({ baseUrl: `http://127.0.0.1:${port}`, apiKey: key }),
    asked: () => count,
  }
}

describe('asking', () => {
  test('answers at once without waiting, and what a test key is allowed', async () => {
    const asked = await permissions.request(wish)
    expect(asked).toMatchObject({ status: 'pending', env: 'live' })
    expect(asked.token).toBeUndefined()
    const allowed = await tester.request(wish, { waitForApproval: true, onPending: () => expect.unreachable() })
    expect(allowed).toMatchObject({ status: 'approved', env: 'test' })
    expect(await tester.verify(allowed.id, allowed.token)).toMatchObject({ valid: true, uses_remaining: 1 })
    expect(await tester.use(allowed.id, allowed.token)).toMatchObject({ success: true, uses_remaining: 0 })
  })

  test('waits for a person when told to, shows where they answer, and has what they allowed', async () => {
    const seen: PermissionRequest[] = []
    const onPending = (asked: PermissionRequest) => {
      seen.push(asked)
      return approve(asked)
    }
    const granted = await permissions.request(wish, { waitForApproval: true, onPending })
    expect(seen).toMatchObject([{ status: 'pending', approval_url: expect.stringContaining(granted.id) }])
    expect(granted).toMatchObject({ status: 'approved', scope: { to: ['ana@example.com'] } })
    expect(await permissions.get(granted.id)).toMatchObject({ status: 'approved', token: granted.token })
    expect(await permissions.waitFor(granted.id)).toMatchObject({ status: 'approved' })
  })

  test('throws a no, whether a person or the answer to the request says it, with its reason', async () => {
    const onPending = (asked: PermissionRequest) =>
      answerPermission(world, mia.actor, asked, 'deny', { comment: 'Not today.' })
    const byPerson = await faultOf(permissions.request(wish, { waitForApproval: true, onPending }))
    const atOnce = await faultOf(tester.request({ ...wish, context: { _test_deny: true } }))
    for (const fault of [byPerson, atOnce]) {
      expect(fault).toBeInstanceOf(PermissionDeniedError)
      expect(fault).toBeInstanceOf(ForbiddenError)
      expect(fault).toMatchObject({ code: 'PERMISSION_DENIED', details: { status: 'denied' } })
    }
    expect(byPerson.details).toMatchObject({ reason: 'Not today.', id: expect.any(String) })
    expect(atOnce).toMatchObject({ status: 403, requestId: expect.stringMatching(/\S/) })
  })

  test('takes nobody’s answer for no answer: a timeout and an aborted signal throw, and it can be waited for again', async () => {
    const late = await faultOf(permissions.request(wish, { waitForApproval: true, timeout: 200 }))
    expect(late).toBeInstanceOf(TimeoutError)
    expect(late).toMatchObject({ code: 'TIMED_OUT', status: 0 })
    const asked = await permissions.get(String(late.details?.id))
    expect(asked.status).toBe('pending')
    const stop = new AbortController()
    const waiting = permissions.waitFor(asked.id, { signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await approve(asked)
    expect(await permissions.waitFor(asked.id)).toMatchObject({ status: 'approved' })
  })

  test('tells expired and withdrawn from denied', async () => {
    const onPending = async ({ id }: PermissionRequest) => {
      await world.db
        .sql`update approvals set created_at = created_at - interval '1 h', expires_at = now() where id = ${id}`
    }
    const expired = await faultOf(permissions.request(wish, { waitForApproval: true, onPending }))
    expect(expired).toBeInstanceOf(PermissionExpiredError)
    const withdraw = ({ id }: PermissionRequest) => permissions.revoke(id, { reason: 'Not needed.' })
    const withdrawn = await faultOf(permissions.request(wish, { waitForApproval: true, onPending: withdraw }))
    expect(withdrawn).toBeInstanceOf(TokenRevokedError)
  })

  test('makes one request when the answer to it is lost, and uses nothing twice when that answer is', async () => {
    const losing = await meddling(({ method }, nth) => (method === 'POST' && nth === 1 ? 'lose' : undefined))
    const action = 'lost.request'
    const asked = await losing.client.permissions.request({ action })
    expect(losing.asked()).toBe(2)
    const found = []
    for await (const one of permissions.list({ action })) found.push(one.id)
    expect(found).toEqual([asked.id])
    await answerPermission(world, mia.actor, asked)
    const { token = '' } = await permissions.get(asked.id)
    const lost = await meddling(() => 'lose')
    expect(await faultOf(lost.client.permissions.use(asked.id, token))).toMatchObject({ code: 'UNREACHABLE' })
    expect(lost.asked()).toBe(1)
    expect(await permissions.get(asked.id)).toMatchObject({ status: 'used', uses_remaining: 0 })
  })

  test('repeats a use that was refused as one too many requests: it never began', async () => {
    const { client, asked } = await meddling((_, nth) => (nth < 3 ? 'limit' : undefined))
    const allowed = await permissions.request(wish, { waitForApproval: true, onPending: approve })
    expect(await client.permissions.use(allowed.id, allowed.token)).toMatchObject({ success: true })
    expect(asked()).toBe(3)
  })
})

describe('a token', () => {
  test('is refused with its own error when it is another’s, used, or given back', async () => {
    const [one, two] = [await tester.request(wish), await tester.request(wish)]
    const [mine = '', other = ''] = [one.token, two.token]
    expect(await faultOf(tester.use(one.id, other))).toBeInstanceOf(InvalidTokenError)
    expect(await tester.verify(one.id, other)).toMatchObject({ valid: false })
    await tester.use(one.id, mine)
    const used = await faultOf(tester.use(one.id, mine))
    expect(used).toBeInstanceOf(TokenUsedError)
    expect(used).toMatchObject({ name: 'TokenUsedError', code: 'TOKEN_USED', status: 410 })
    expect(used).toBeInstanceOf(CountersignError)
    expect(await tester.revoke(two.id)).toMatchObject({ status: 'revoked' })
    expect(await faultOf(tester.use(two.id, other))).toBeInstanceOf(TokenRevokedError)
  })
})

describe('acting with a permission', () => {
  test('acts after the token was used, with the scope that was allowed, and answers what the act answers', async () => {
    const acted = permissions.withPermission(
      wish,
      async ({ id, scope, uses_remaining }) => ({ scope, uses_remaining, now: (await permissions.get(id)).status }),
      { onPending: approve },
    )
    expect(await acted).toEqual({ scope: { to: ['ana@example.com'] }, uses_remaining: 0, now: 'used' })
  })

  test.each(['deny', 'lose'])('never acts when it is told to %s', async (how) => {
    const losing = await meddling(({ url: path = '' }) =>
      how === 'lose' && path.endsWith('/use') ? 'lose' : undefined,
    )
    const onPending = (asked: PermissionRequest) =>
      answerPermission(world, mia.actor, asked, how === 'deny' ? 'deny' : 'approve')
    const act = () => expect.unreachable()
    const code = how === 'deny' ? 'PERMISSION_DENIED' : 'UNREACHABLE'
    expect(await faultOf(losing.client.permissions.withPermission(wish, act, { onPending }))).toMatchObject({ code })
  })

  test('withdraws what nobody waits for any more', async () => {
    const asked: string[] = []
    const onPending = ({ id }: PermissionRequest) => asked.push(id)
    const act = () => expect.unreachable()
    expect(await faultOf(permissions.withPermission(wish, act, { onPending, timeout: 200 }))).toBeInstanceOf(
      TimeoutError,
    )
    const stop = new AbortController()
    const aborting = (request: PermissionRequest) => {
      onPending(request)
      setTimeout(() => stop.abort(new Error('enough')), 50)
    }
    const left = permissions.withPermission(wish, act, { onPending: aborting, signal: stop.signal })
    await expect(left).rejects.toThrow('enough')
    expect(asked).toHaveLength(2)
    for (const id of asked) expect((await permissions.get(id)).status).toBe('revoked')
  })
})
