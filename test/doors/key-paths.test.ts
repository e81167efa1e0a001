import { describe, expect, test } from 'vitest'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { key } = await makeAsker(world)
const ask = asker(url)
const put = (path: string, headers: Record<string, string>, body: string | Buffer) =>
  ask('PUT', `/v1/key/${path}`, { key, headers, body })

describe('a key path', () => {
  test('may be plain or percent-encoded, which is the same', async () => {
    await put('deploy/prod', {}, 'x')
    for (const path of ['deploy/prod', 'deploy%2Fprod', 'deploy%2fprod', '%64eploy/prod'])
      expect((await ask('GET', `/v1/key/${path}`, { key })).status, path).toBe(200)
    expect((await ask('GET', '/v1/key/unasked%2Fprod/pending', { key })).body).toMatchObject({ pending: null })
    expect((await ask('GET', '/v1/key/deploy%2Fprod%2Fhistory', { key })).body.items).toHaveLength(1)
  })
  test.each([
    '',
    'a//b',
    '/a',
    'a/',
    'a/../b',
    '..',
    '.',
    '%2e%2e',
    'a/%2e%2e/b',
    'a%2F%2Fb',
    'a%00',
    'a%0ab',
    'a%20b',
    'a+b c',
    'ä',
    '%ff',
    '%c3',
    '%',
    '%zz',
    'pending',
    'history',
    'a/pending/pending',
    'x'.repeat(129),
    Array(9).fill('a').join('/'),
    'a\\b',
    'a;b',
    "a'b",
    'a%252Fb',
  ])('like %s is refused for reading, writing and deleting', async (path) => {
    const bytes = path.replace(/[^\x21-\x7e]/g, (char) => Buffer.from(char).toString('latin1'))
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const reply = await ask(method, `/v1/key/${bytes.replace(/ /g, '%20')}`, {
        key,
        ...(method === 'PUT' ? { body: 'x' } : {}),
      })
      expect([method, reply.status, reply.body.code]).toEqual([
        method,
        path === 'a/pending/pending' && method !== 'GET' ? 405 : 400,
        expect.any(String),
      ])
    }
  })
})
