import { expect, test } from 'vitest'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

test('RATE_LIMITS replaces the classes it names and leaves the others', async () => {
  const { url, world } = await serve({ RATE_LIMITS: 'key read=2/1,approval create=1/60' })
  const { key } = await makeAsker(world)
  const ask = asker(url)
  const read = () => ask('GET', '/v1/keys', { key })
  const statuses = [await read(), await read(), await read()].map((reply) => reply.status)
  expect(statuses).toEqual([200, 200, 429])
  await new Promise((resolve) => setTimeout(resolve, 1100))
  expect((await read()).status).toBe(200)
  const write = await ask('PUT', '/v1/key/a', { key, body: 'x' })
  expect(write.headers['x-ratelimit-limit']).toBe('120')
  const make = () => ask('POST', '/v1/approvals', { key, body: { key_path: 'a', value: 'x' } })
  expect([(await make()).status, (await make()).status]).toEqual([201, 429])
})

test('each call of a tRPC batch counts', async () => {
  const { url } = await serve({ RATE_LIMITS: 'approval read=5/60' })
  const input = encodeURIComponent(
    JSON.stringify(Object.fromEntries([...Array(10).keys()].map((i) => [i, { token: '0'.repeat(26) }]))),
  )
  const path = `/trpc/${Array(10).fill('approvals.open').join(',')}?batch=1&input=${input}`
  const reply = await asker(url)('GET', path)
  const codes: string[] = JSON.parse(reply.text).map(
    (one: { error: { data: { code: string } } }) => one.error.data.code,
  )
  expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(5)
})
