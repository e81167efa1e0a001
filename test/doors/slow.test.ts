import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { key } = await makeAsker(world)

/** Sends this and no more: what came back, and after how many seconds the server hung up. */
const dribble = (text: string) =>
  new Promise<{ said: string; seconds: number }>((resolve) => {
    const began = performance.now()
    let said = ''
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text))
    socket.setEncoding('utf8').on('data', (more) => {
      said += more
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve({ said, seconds: (performance.now() - began) / 1000 }))
  })

test('headers that do not end in 10 s and bodies that do not end in 15 s are cut, and the others are served meanwhile', async () => {
  const headers = Array.from({ length: 100 }, () => dribble('GET /v1/keys HTTP/1.1\r\nhost: x\r\nx-slow: '))
  const bodies = Array.from({ length: 100 }, () =>
    dribble(`PUT /v1/key/slow HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-length: 10\r\n\r\nabc`),
  )
  const ask = asker(url)
  for (let i = 0; i < 50; i++)
    expect((await ask('PUT', '/v1/key/quick', { key, body: `${i}` })).status).toBeLessThan(202)
  for (const { said, seconds } of await Promise.all(headers)) {
    expect(said).toMatch(/^HTTP\/1\.1 408 /)
    expect(said).toMatch(/x-frame-options: DENY[\s\S]*"code":"TOO_SLOW"/)
    expect(seconds).toBeGreaterThan(9)
  }
  for (const { seconds } of await Promise.all(bodies)) expect(seconds).toBeGreaterThan(14)
  expect((await ask('GET', '/v1/key/slow', { key })).status).toBe(404)
})

test('what is no HTTP, or has headers without end, is refused in the shape of every error', async () => {
  for (const [text, status, code] of [
    ['GET /\xff HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    ['nonsense\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    [`GET / HTTP/1.1\r\nhost: x\r\nx-big: ${'x'.repeat(17_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
    [
      'POST /v1/approvals HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'MALFORMED_REQUEST',
    ],
  ] as const) {
    const { said } = await dribble(text)
    expect(said).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*cache-control: no-store[\\s\\S]*"code":"${code}"`))
  }
})
