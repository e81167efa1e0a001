import { Agent, request } from 'node:http'
import { expect, test } from 'vitest'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

/** The `connection` header of a reply to a client that would keep its connection. */
const connectionOf = (url: string) =>
  new Promise<string | undefined>((resolve, reject) => {
    const agent = new Agent({ keepAlive: true })
    const sent = request(`${url}/v1/key/there`, { agent }, (reply) => {
      reply.resume().on('end', () => resolve(reply.headers.connection))
    })
    sent.on('error', reject).end()
  })

test('a server that was told to stop says 503 on /readyz and serves on for DRAIN_SECONDS, also who waits', async () => {
  const service = await serve({ DRAIN_SECONDS: '2' })
  const { key } = await makeAsker(service.world)
  const ask = asker(service.url)
  expect((await ask('GET', '/readyz')).status).toBe(200)
  expect(await connectionOf(service.url)).toBe('keep-alive')
  const waiting = ask('GET', '/v1/key/there?wait=55', { key })
  while (service.world.wake.waiting() < 1) await new Promise((resolve) => setTimeout(resolve, 5))
  const began = performance.now()
  const closed = service.close()
  expect(await ask('GET', '/readyz')).toMatchObject({ status: 503, body: { lacks: 'shutting down' } })
  expect((await ask('PUT', '/v1/key/there', { key, body: 'yes' })).status).toBe(201)
  expect(await waiting).toMatchObject({ status: 200, text: '"yes"' })
  // What a balancer keeps open could carry the request that comes when it is closed.
  expect(await connectionOf(service.url)).toBe('close')
  await closed
  expect(performance.now() - began).toBeGreaterThan(1990)
  await expect(ask('GET', '/healthz')).rejects.toThrow()
})
