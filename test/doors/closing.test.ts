import { expect, test } from 'vitest'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

test('a service that closes answers its waiters at once, refuses what is new with 503, and is gone', async () => {
  const service = await serve()
  const { key } = await makeAsker(service.world)
  const ask = asker(service.url)
  await ask('PUT', '/v1/key/there', { key, body: 'x' })
  const known = { 'if-none-match': '"1"' }
  const waits = Promise.all([
    ask('GET', '/v1/key/there?wait=55', { key }),
    ask('GET', '/v1/key/there?wait=55', { key, headers: known }),
    ask('GET', '/v1/key/absent?wait=55', { key }),
  ])
  while (service.world.wake.waiting() < 3) await new Promise((resolve) => setTimeout(resolve, 5))
  service.world.drain()
  expect((await waits).map((reply) => reply.status)).toEqual([200, 304, 404])
  const refused = await ask('GET', '/v1/key/there', { key })
  expect(refused).toMatchObject({
    status: 503,
    body: { code: 'UNAVAILABLE', request_id: refused.headers['x-request-id'] },
  })
  expect(refused.headers).toMatchObject({ 'retry-after': '1', 'cache-control': 'no-store', 'x-frame-options': 'DENY' })
  await service.close()
  await expect(ask('GET', '/healthz')).rejects.toThrow()
})

test('a client that leaves is waited for no longer', async () => {
  const { url, world } = await serve()
  const { key } = await makeAsker(world)
  const left = new AbortController()
  const waits = Array.from({ length: 50 }, () =>
    fetch(`${url}/v1/key/never?wait=55`, { headers: { authorization: `Bearer ${key}` }, signal: left.signal }).catch(
      () => 'left',
    ),
  )
  while (world.wake.waiting() < 50) await new Promise((resolve) => setTimeout(resolve, 5))
  left.abort()
  expect(await Promise.all(waits)).toEqual(Array(50).fill('left'))
  while (world.wake.waiting() > 0) await new Promise((resolve) => setTimeout(resolve, 5))
})
