import { beforeAll, expect, test } from 'vitest'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { cluster } from './cluster.ts'
import { startLoad } from './load.ts'

const { url, world, join, end, balancer } = await cluster(2)
const { key } = await makeAsker(world)
const ask = asker(url)

beforeAll(async () => {
  await Promise.all([join(0), join(1)])
  expect((await ask('PUT', '/v1/key/still', { key, body: { value: 'first' } })).status).toBe(201)
}, 240_000)

/** What two hundred a second ask: a poll, a write with its audit entry, a new approval, its page. */
async function mixed(n: number) {
  const wish = { key_path: `deploy/${n}`, value: 'yes' }
  if (n % 8 === 0) return ask('POST', '/v1/approvals', { key, body: wish })
  if (n % 4 === 1) return ask('PUT', `/v1/key/count/${n % 50}`, { key, body: { value: String(n) } })
  if (n % 8 === 4) return ask('GET', '/')
  return ask('GET', '/v1/key/still', { key })
}

/** Restarts one node after the other under load, so many times; what was asked meanwhile, and by ten who always wait. */
async function restarts(times: number, signal: 'SIGTERM' | 'SIGKILL') {
  const { etag = '' } = (await ask('GET', '/v1/key/still', { key })).headers
  const known = { 'if-none-match': etag }
  const load = startLoad(200, mixed)
  let stopped = false
  const broken: string[] = []
  const wait = async () => {
    while (!stopped) {
      const reply = await ask('GET', '/v1/key/still?wait=55', { key, headers: known }).catch(String)
      const said = typeof reply === 'string' ? reply : `${reply.status} ${reply.text}`
      if (!said.startsWith('304')) broken.push(said)
    }
  }
  const waiting = Array.from({ length: 10 }, wait)
  for (let n = 0; n < times; n++) {
    const { code } = await end(n % 2, signal)
    if (signal === 'SIGTERM') expect(code).toBe(0)
    await join(n % 2)
  }
  stopped = true
  const account = await load.stop()
  // Who waits is let go.
  expect((await ask('PUT', '/v1/key/still', { key, body: { value: `after ${signal}` } })).status).toBe(200)
  await Promise.all(waiting)
  broken.splice(0, broken.length, ...broken.filter((said) => !said.startsWith('200')))
  return { ...account, broken }
}

test('20 rolling restarts of two nodes at 200 requests a second: none fails, and who waits is answered', async () => {
  const { sent, failed, broken } = await restarts(20, 'SIGTERM')
  expect([failed, broken]).toEqual([[], []])
  expect(sent).toBeGreaterThan(20 * 200)
  for (const place of [0, 1]) expect((await balancer.seen(place)).sessions).toBeGreaterThan(1000)
}, 900_000)

test('nodes that are killed instead leave requests unanswered, which the same count sees (control)', async () => {
  const { failed, broken } = await restarts(2, 'SIGKILL')
  expect([...failed, ...broken].length).toBeGreaterThan(0)
}, 120_000)
