import { expect, test } from 'vitest'
import { operations } from '../../server/http/operations.ts'
import { asker, browser } from '../http.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const security = [
  ...['content-security-policy', 'cache-control', 'referrer-policy', 'x-content-type-options', 'x-frame-options'],
  ...[
    'x-robots-tag',
    'cross-origin-opener-policy',
    'cross-origin-resource-policy',
    'permissions-policy',
    'x-request-id',
  ],
]

const { url, world } = await serve()
const { key } = await makeAsker(world)

test('every operation, page and probe answers with every security header, whatever the status', async () => {
  const ask = asker(url)
  const paths = operations.map(({ entry }) => [
    entry.method,
    entry.path.replace('{key_path}', 'a/b').replaceAll(/\{\w+\}/g, '0'.repeat(26)),
  ])
  for (const prefix of ['/v1', '/api/v1'])
    for (const [method = '', path] of paths)
      for (const as of [key, undefined]) {
        const reply = await ask(method, `${prefix}${path}`, as === undefined ? {} : { key: as })
        for (const name of security)
          expect(reply.headers[name], `${method} ${path} ${reply.status} ${name}`).toBeDefined()
        expect(reply.headers['access-control-allow-origin']).toBeUndefined()
        expect(reply.headers.server ?? reply.headers['x-powered-by']).toBeUndefined()
      }
  for (const path of [
    '/',
    '/a/00000000000000000000000000',
    '/healthz',
    '/readyz',
    '/metrics',
    '/openapi.json',
    '/docs',
    '/docs/plain',
    '/favicon.svg',
    '/none',
  ]) {
    const reply = await ask('GET', path)
    for (const name of security.filter((one) => one !== 'x-robots-tag'))
      expect(reply.headers[name], `${path} ${name}`).toBeDefined()
    expect(reply.headers['content-security-policy']).toMatch(/default-src 'none'/)
  }
})

test('on https the strict transport header and the __Host- cookie are set, elsewhere neither can be', async () => {
  const cases: [string, string, boolean][] = [
    ['https://sign.example.com', '__Host-countersign_visit', true],
    ['http://sign.example.com', 'countersign_visit', false],
    ['http://10.0.0.7:3000', 'countersign_visit', false],
    ['http://localhost:3000', '__Host-countersign_visit', false],
  ]
  for (const [publicUrl, name, strict] of cases) {
    const service = await serve({ PUBLIC_URL: publicUrl })
    const port = new URL(url).port
    expect(port).not.toBe('')
    const { actor } = await makeAsker(service.world)
    const { token, url: link } = await makeApproval(service.world, actor)
    expect(link).toBe(`${publicUrl}/a/${token}`)
    const ask = asker(`http://127.0.0.1:${service.world.config.port}`)
    const reply = await ask('GET', `/v1/link/approvals/${token}`)
    const secure = name.startsWith('__Host-')
    expect(reply.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^${name}=[0-9a-f]{32}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}$`),
    )
    expect(reply.headers['strict-transport-security'] !== undefined).toBe(strict)
    const { csrf_token, action_hash } = reply.body
    const cookie = reply.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    const act = (headers: Record<string, string>) =>
      ask('POST', `/v1/link/approvals/${token}/act`, {
        headers: { cookie, ...headers },
        body: { action: 'approve', csrf_token, action_hash },
      })
    expect((await act({ origin: publicUrl.replace('http', 'x') })).status).toBe(403)
    expect((await act({ origin: publicUrl })).status).toBe(200)
  }
})

test('a cookie is set once: a browser that has one keeps it', async () => {
  const { actor } = await makeAsker(world)
  const { token } = await makeApproval(world, actor)
  const page = browser(url)
  expect((await page.open(token)).headers['set-cookie']).toHaveLength(1)
  expect((await page.open(token)).headers['set-cookie']).toBeUndefined()
  const forged = await asker(url)('GET', `/v1/link/approvals/${token}`, {
    headers: { cookie: '__Host-countersign_visit=chosen' },
  })
  expect(forged.headers['set-cookie']).toHaveLength(1)
})
