import { describe, expect, test } from 'vitest'
import { type LimitClass, limits } from '../../shared/limits.ts'
import { type Ask, asker, type Reply } from '../http.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve({ RATE_LIMITS: undefined })
const ask = asker(url)
const link = '/v1/link/approvals/00000000000000000000000000'
const own = { origin: url }

/** A key of a project of its own, and a signed-in person of it. */
type Caller = { key: string; cookie: string }

/** Seed 0's table, class by class, as requests of one caller; what the verb says to them does not matter. */
const table: [LimitClass, number, (caller: Caller) => [method: string, path: string, ask?: Ask]][] = [
  ['public demo', 10, () => ['POST', '/v1/demo/approvals']],
  ['approval read', 60, () => ['GET', link]],
  ['approval action', 30, () => ['POST', `${link}/act`, { headers: own, body: {} }]],
  ['key read', 600, ({ key }) => ['GET', '/v1/key/a', { key }]],
  ['key write', 120, ({ key }) => ['PUT', '/v1/key/a', { key, body: 'x' }]],
  ['approval create', 60, ({ key }) => ['POST', '/v1/approvals', { key, body: {} }]],
  ['accounts', 300, ({ key }) => ['GET', '/v1/accounts/codes?ids=none', { key }]],
  ['secret', 60, ({ key }) => ['GET', '/v1/private/recent', { key }]],
  ['sign in', 20, () => ['POST', '/trpc/setup.claim', { headers: own, body: {} }]],
  ['dashboard read', 300, ({ cookie }) => ['GET', '/trpc/me.get?input=%7B%7D', { headers: { cookie } }]],
  ['dashboard write', 60, ({ cookie }) => ['POST', '/trpc/me.rename', { headers: { ...own, cookie }, body: {} }]],
]

test('every class that an operation has is in this table, with its numbers', () => {
  const named = table.map(([name, max]) => [name, max])
  expect(named.toSorted()).toEqual(
    Object.entries(limits)
      // Tries count an account or a link together with a network: test/doors/auth.test.ts, test/verbs/secrets-tries.test.ts.
      // An agent counts in two classes at once: test/doors/rates-agents.test.ts.
      .filter(([name]) => name !== 'everything else' && !/ (try|tries)$|^agent /.test(name))
      .map(([name, { max }]) => [name, max])
      .toSorted(),
  )
  for (const [name] of table) expect(limits[name].seconds).toBe(60)
})

async function newCaller(): Promise<Caller> {
  const project = await makeProject(world)
  const { key } = await makeKey(world, project, 'admin')
  return { key, cookie: (await makePerson(world, project)).cookie }
}

/** The code of a refusal, whichever door said it. */
const codeIn = ({ body }: Reply) => {
  const { error } = body
  return typeof error === 'object' && error !== null && 'data' in error ? error.data : body
}

async function burst(times: number, one: () => Promise<Reply>): Promise<Reply[]> {
  const replies: Reply[] = []
  while (replies.length < times)
    replies.push(...(await Promise.all(Array.from({ length: Math.min(20, times - replies.length) }, one))))
  return replies
}

describe.each(table)('%s', (name, max, request) => {
  test('takes exactly as many in a minute as the table says, and tells where the caller stands in headers', async () => {
    const caller = await newCaller()
    const replies = await burst(max + 20, () => ask(...request(caller)))
    const refused = replies.filter((reply) => reply.status === 429)
    expect(refused.length).toBe(20)
    for (const reply of refused) {
      expect(codeIn(reply)).toMatchObject({ code: 'RATE_LIMITED' })
      expect(reply.headers['retry-after']).toBe(reply.headers['x-ratelimit-reset'])
      expect(reply.headers['x-ratelimit-remaining']).toBe('0')
    }
    const remaining = replies.map((reply) => Number(reply.headers['x-ratelimit-remaining']))
    const expected = [...Array(max).keys(), ...Array(20).fill(0)].toSorted((a, b) => a - b)
    expect(remaining.toSorted((a, b) => a - b)).toEqual(expected)
    for (const { headers } of replies) {
      expect(headers['x-ratelimit-limit']).toBe(String(max))
      const reset = Number(headers['x-ratelimit-reset'])
      expect(reset).toBeGreaterThan(0)
      expect(reset).toBeLessThanOrEqual(60)
      const slug = name.replaceAll(' ', '-')
      expect(headers.ratelimit).toBe(`"${slug}";r=${headers['x-ratelimit-remaining']};t=${reset}`)
      expect(headers['ratelimit-policy']).toBe(`"${slug}";q=${max};w=60`)
    }
  })
  test('counts another caller by itself', async () => {
    const { by } = limits[name]
    const reply = await ask(...request(await newCaller()))
    expect(reply.status === 429).toBe(by === 'network')
  })
})
