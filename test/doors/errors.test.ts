import { describe, expect, test } from 'vitest'
import { errors } from '../../shared/errors.ts'
import { type Ask, asker, browser } from '../http.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve({ RATE_LIMITS: '*=1000000/60,approval create=1/60' })
const { actor, key } = await makeAsker(world)
const ask = asker(url)
const big = 'x'.repeat(70_000)
const json = { 'content-type': 'application/json' }

/** Every kind of no that a door can say by itself: method, path, request, status, code. */
const refusals: [string, string, Ask, number, string][] = [
  ['GET', '/v1/nothing', {}, 404, 'NOT_FOUND'],
  ['GET', '/nothing', {}, 404, 'NOT_FOUND'],
  ['GET', '/%zz', {}, 400, 'INVALID_INPUT'],
  ['GET', '/v1/key/%zz', { key }, 400, 'INVALID_INPUT'],
  ['GET', '/v1/approvals/%ff', { key }, 400, 'INVALID_INPUT'],
  ['GET', '/v1/keys', {}, 401, 'MISSING_API_KEY'],
  ['GET', '/v1/keys', { key: 'x' }, 401, 'INVALID_API_KEY'],
  ['GET', '/v1/key/nothing', { key }, 404, 'NOT_FOUND'],
  ['POST', '/v1/keys', { key }, 405, 'METHOD_NOT_ALLOWED'],
  ['PATCH', '/v1/key/a/b', { key }, 405, 'METHOD_NOT_ALLOWED'],
  ['OPTIONS', '/v1/keys', {}, 405, 'METHOD_NOT_ALLOWED'],
  ['OPTIONS', '/v1/key/a', {}, 405, 'METHOD_NOT_ALLOWED'],
  ['POST', '/v1/approvals', { key, headers: json, body: '{' }, 400, 'MALFORMED_BODY'],
  ['POST', '/v1/approvals', { key, headers: json, body: '[]' }, 400, 'INVALID_INPUT'],
  [
    'POST',
    '/v1/approvals',
    { key, headers: { 'content-type': 'text/plain' }, body: 'x' },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  ['POST', '/v1/approvals', { key, headers: json, body: `"${big}"` }, 413, 'BODY_TOO_LARGE'],
  ['POST', '/v1/approvals', { key, headers: json, body: Buffer.alloc(3_000_000, 97) }, 413, 'BODY_TOO_LARGE'],
  ['PUT', '/v1/key/a', { key, body: big }, 413, 'BODY_TOO_LARGE'],
  ['PUT', '/v1/key/a', { key, headers: { 'if-match': '7' }, body: 'x' }, 412, 'VERSION_MISMATCH'],
  ['POST', '/v1/link/approvals/00000000000000000000000000/act', { body: {} }, 403, 'CSRF_FAILED'],
  ['GET', '/trpc/values.list', {}, 401, 'SIGNED_OUT'],
  ['GET', '/trpc/nothing', {}, 404, 'NOT_FOUND'],
  ['POST', '/trpc/values.list', { headers: { origin: url, ...json }, body: '{}' }, 405, 'METHOD_NOT_ALLOWED'],
  ['GET', '/trpc/demo.create', {}, 405, 'METHOD_NOT_ALLOWED'],
  ['POST', '/trpc/demo.create', { headers: json, body: '{}' }, 403, 'CSRF_FAILED'],
  ['POST', '/trpc/demo.create', { headers: { origin: url, ...json }, body: '{' }, 400, 'MALFORMED_BODY'],
  ['POST', '/trpc/demo.create', { headers: { origin: url, ...json }, body: '{"a":1}' }, 400, 'INVALID_INPUT'],
  ['POST', '/trpc/demo.create', { headers: { origin: url, ...json }, body: `"${big}"` }, 413, 'BODY_TOO_LARGE'],
  [
    'POST',
    '/trpc/demo.create',
    { headers: { origin: url, 'content-type': 'text/plain' }, body: 'x' },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  ['GET', `/trpc/${Array(11).fill('values.list').join(',')}?batch=1&input=%7B%7D`, {}, 400, 'MALFORMED_BODY'],
  ['GET', '/trpc/values.get?input=%7B', { key }, 400, 'MALFORMED_BODY'],
]

const security = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

describe.each(refusals)('%s %s', (method, path, what, status, code) => {
  test(`is refused in the one shape, with ${status} ${code}, a request id and every security header`, async () => {
    const reply = await ask(method, path, what)
    expect(reply.status).toBe(status)
    expect(reply.headers).toMatchObject(security)
    expect(reply.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(reply.headers['x-request-id']).toMatch(uuid)
    expect(reply.headers['content-type']).toContain('application/json')
    const whole = JSON.parse(reply.text)
    const body = path.startsWith('/trpc/') && whole.error?.data ? whole.error.data : whole
    expect(body).toMatchObject({ code, error: body.message, request_id: reply.headers['x-request-id'] })
    expect(
      Object.keys(body).every((name) =>
        ['error', 'message', 'code', 'request_id', 'issues', 'details', 'httpStatus'].includes(name),
      ),
    ).toBe(true)
    if (body.httpStatus !== undefined) expect(body.httpStatus).toBe(status)
    if (status === 405 && !path.startsWith('/trpc')) expect(reply.headers.allow).toMatch(/^[A-Z]+(, [A-Z]+)*$/)
    if (status === 401) expect(reply.headers['www-authenticate']).toContain('Bearer')
  })
})

test('HEAD answers what GET answers, without a body, and 429 and 503 have the headers too', async () => {
  for (const [method, path, what, status] of refusals.filter(
    (one) => one[0] === 'GET' && !one[1].startsWith('/trpc'),
  )) {
    const reply = await ask('HEAD', path, what)
    expect([method, path, reply.status, reply.text]).toEqual([method, path, status, ''])
    expect(reply.headers).toMatchObject(security)
  }
  const create = () => ask('POST', '/v1/approvals', { key, body: { key_path: 'a', value: 'x' } })
  await create()
  const limited = await create()
  expect(limited).toMatchObject({
    status: 429,
    headers: security,
    body: { code: 'RATE_LIMITED', request_id: limited.headers['x-request-id'] },
  })
})

test('a refusal inside of a verb has the same shape by REST and by tRPC', async () => {
  const page = browser(url)
  const { token } = await makeApproval(world, actor, { pin: '0471' }).catch(() => ({ token: '' }))
  const made = token || (await fresh())
  const { csrf_token, action_hash } = (await page.open(made)).body
  const decision = { action: 'approve', csrf_token, action_hash, pin: '9999' }
  const rest = await page.post(`/v1/link/approvals/${made}/act`, decision)
  const trpc = await page.post('/trpc/approvals.act', { ...decision, token: made })
  expect(rest).toMatchObject({
    status: 403,
    body: { code: 'WRONG_PIN', error: errors.WRONG_PIN.sentence, details: { attempts_left: 4 } },
  })
  expect(trpc.status).toBe(403)
  expect(JSON.parse(trpc.text).error.data).toMatchObject({
    code: 'WRONG_PIN',
    details: { attempts_left: 3 },
    httpStatus: 403,
    request_id: trpc.headers['x-request-id'],
  })
  const issue = await page.post('/trpc/approvals.act', { ...decision, token: made, nope: 1 })
  expect(JSON.parse(issue.text).error.data).toMatchObject({
    code: 'INVALID_INPUT',
    issues: [{ path: 'nope', message: 'Unknown field.' }],
  })
})

/** Past the limit of creations that this file sets. */
async function fresh(): Promise<string> {
  const second = await makeAsker(world)
  return (await makeApproval(world, second.actor, { pin: '0471' })).token
}
