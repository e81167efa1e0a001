import { createServer } from 'node:http'
import { afterAll, describe, expect, test } from 'vitest'
import { Client, CountersignError, isRejection, outcomeOf } from '../../clients/typescript/src/index.ts'
import { asVisitor } from '../as.ts'
import { makeAsker } from '../make.ts'
import { freePort } from '../port.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { key } = await makeAsker(world)
const client = new Client({ baseUrl: `${url}/`, apiKey: key })

const closing: (() => void)[] = []
afterAll(() => {
  for (const close of closing) close()
})

async function press(link: string, action: string) {
  const visitor = asVisitor(world)
  const token = link.slice(-26)
  const { csrf_token, action_hash } = await visitor.approvals.open({ token })
  await visitor.approvals.act({ token, action, csrf_token, action_hash })
}

/** A server on loopback that answers as it is told, and what it was asked. */
async function answering(answer: (nth: number) => { status: number; headers?: Record<string, string>; body?: string }) {
  const seen: { method: string; idempotencyKey: unknown }[] = []
  const server = createServer((request, reply) => {
    request.resume()
    seen.push({ method: request.method ?? '', idempotencyKey: request.headers['idempotency-key'] })
    const { status, headers = {}, body = '' } = answer(seen.length)
    if (status === 0) return void request.socket.destroy()
    reply.writeHead(status, headers).end(body)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return { seen, client: new Client({ baseUrl: `http://127.0.0.1:${port}`, apiKey: 'k' }) }
}

describe('the client', () => {
  test('waits for a decision, which is an answer; a timeout and an aborted signal are errors of their own', async () => {
    const asked = await client.approvals.create({ key_path: 'sdk/wait', value: 'approved' })
    await expect(client.approvals.waitFor(asked.approval_id, { timeout: 300 })).rejects.toMatchObject({
      name: 'TimeoutError',
      code: 'TIMED_OUT',
    })
    const stop = new AbortController()
    const waiting = client.approvals.waitFor(asked.approval_id, { signal: stop.signal, timeout: 60_000 })
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    const answer = client.approvals.waitFor(asked.approval_id)
    await press(asked.url, 'approve')
    expect(outcomeOf(await answer)).toBe('approved')
    expect(await client.values.get('sdk/wait')).toBe('approved')
  })

  test('says with code, status and request id why not', async () => {
    const stranger = new Client({ baseUrl: url, apiKey: `otw_${'x'.repeat(32)}` })
    const fault = await stranger.values.get('a').catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(CountersignError)
    expect(fault).toMatchObject({ code: 'INVALID_API_KEY', status: 401, requestId: expect.stringMatching(/\S/) })
    await expect(client.values.get('sdk/nothing')).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 })
    await expect(client.approvals.create({ key_path: 'a//b', value: 'x' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'key_path', message: expect.any(String) }],
    })
    const nowhere = new Client({ baseUrl: `http://127.0.0.1:${await freePort()}`, apiKey: key, maxRetries: 1 })
    await expect(nowhere.values.get('a')).rejects.toMatchObject({ code: 'UNREACHABLE', status: 0 })
    const proxy = await answering(() => ({ status: 500, body: '<html>' }))
    await expect(proxy.client.values.get('a')).rejects.toMatchObject({ code: 'HTTP_500', status: 500 })
    expect(proxy.seen).toHaveLength(1)
  })

  test('repeats a read and a creation, under one Idempotency-Key, and never a write', async () => {
    const passing = (nth: number) =>
      [{ status: 0 }, { status: 429, headers: { 'retry-after': '0' } }][nth - 1] ?? { status: 200, body: '"x"' }
    const reads = await answering(passing)
    expect(await reads.client.values.get('a')).toBe('x')
    expect(reads.seen).toHaveLength(3)
    const creations = await answering(passing)
    await creations.client.approvals.create({ key_path: 'a', value: 'x' })
    expect(creations.seen).toHaveLength(3)
    expect(new Set(creations.seen.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1)
    expect(creations.seen[0]?.idempotencyKey).toMatch(/^[0-9a-f]{32}$/)
    const writes = await answering(passing)
    await expect(writes.client.values.put('a', 'x')).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect(writes.seen).toHaveLength(1)
    const locked = await answering(() => ({ status: 429 }))
    await expect(locked.client.values.get('a')).rejects.toMatchObject({ status: 429 })
    expect(locked.seen).toHaveLength(1)
  })

  test.each([
    ['danger', 'go', true],
    ['primary', 'reject', true],
    ['default', 'Deny', true],
    ['#ff0000', 'go', false],
    ['primary', 'rejecting', false],
  ])('an action of style %s and key %s: a no is %s', (style, key, no) => {
    expect(isRejection({ style, key })).toBe(no)
  })
})
