import { describe, expect, test } from 'vitest'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { key } = await makeAsker(world)
const ask = asker(url)

const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const multipart = { 'content-type': 'multipart/form-data; boundary=b' }
const part = (name: string, value: string | Buffer, more = '') =>
  Buffer.concat([
    Buffer.from(`--b\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n`),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ])
const parts = (...all: Buffer[]) => Buffer.concat([...all, Buffer.from('--b--\r\n')])
const create = (headers: Record<string, string>, body?: string | Buffer, query = '') =>
  ask('POST', `/v1/approvals${query}`, { key, headers, ...(body === undefined ? {} : { body }) })
const put = (path: string, headers: Record<string, string>, body: string | Buffer) =>
  ask('PUT', `/v1/key/${path}`, { key, headers, body })
const rows = async () =>
  (await world.db.sql`select (select count(*) from approvals)::int + (select count(*) from "values")::int as n`)[0]?.n

describe('an approval', () => {
  const wish = { key_path: 'deploy/prod', value: 'yes', ttl_seconds: '60', match_number: 'true', payload: '{"a":1}' }
  test('is created from JSON, a form, and multipart alike, whose texts are read as the fields mean them', async () => {
    const bodies: [Record<string, string>, string | Buffer][] = [
      [json, JSON.stringify({ ...wish, ttl_seconds: 60, match_number: true, payload: { a: 1 } })],
      [{ 'content-type': 'Application/JSON ; charset=utf-8' }, '{"key_path":"a","value":"x","match_number":true}'],
      [{ 'content-type': 'application/vnd.thing+json' }, '{"key_path":"a","value":"x","match_number":true}'],
      [form, new URLSearchParams(wish).toString()],
      [multipart, parts(...Object.entries(wish).map(([name, value]) => part(name, value)))],
    ]
    for (const [headers, body] of bodies) {
      const reply = await create(headers, body)
      expect([reply.status, reply.text]).toEqual([201, expect.stringContaining('match_number')])
    }
    expect((await create({}, undefined, `?${new URLSearchParams(wish)}`)).status).toBe(201)
  })
  const refused: [string, Record<string, string>, string | Buffer | undefined, string, number][] = [
    ['nothing at all', {}, undefined, '', 400],
    ['broken JSON', json, '{"key_path":', '', 400],
    ['two JSON values', json, '{}{}', '', 400],
    ['a JSON list', json, '[{"key_path":"a"}]', '', 400],
    ['a JSON null', json, 'null', '', 400],
    ['bytes that are not UTF-8', json, Buffer.from([0x7b, 0xff, 0x7d]), '', 400],
    ['a NUL in JSON', json, '{"key_path":"a","value":"\\u0000"}', '', 400],
    ['half an emoji', json, '{"key_path":"a","value":"\\ud83d"}', '', 400],
    ['__proto__', json, '{"key_path":"a","value":"x","__proto__":{"ttl_seconds":99}}', '', 400],
    ['__proto__ in a payload', json, '{"key_path":"a","value":"x","payload":{"__proto__":1}}', '', 400],
    ['a number beyond all', json, '{"key_path":"a","value":"x","payload":{"a":1e999}}', '', 400],
    [
      'JSON that nests 5000 deep',
      json,
      `{"key_path":"a","value":"x","payload":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
      '',
      400,
    ],
    ['text', { 'content-type': 'text/plain' }, 'key_path=a&value=x', '', 415],
    ['XML', { 'content-type': 'application/xml' }, '<a/>', '', 415],
    ['a body of no type', {}, '{"key_path":"a","value":"x"}', '', 415],
    ['a field twice in a form', form, 'key_path=a&value=x&value=y', '', 400],
    ['a field twice in query and body', json, '{"key_path":"a","value":"x"}', '?value=y', 400],
    ['a field twice in the query', {}, undefined, '?key_path=a&value=x&value=x', 400],
    ['a form that is not UTF-8', form, Buffer.from([...Buffer.from('key_path=a&value='), 0xff]), '', 400],
    ['a form whose escapes are not UTF-8', form, 'key_path=a&value=%FF', '', 400],
    ['a form whose escapes are broken', form, 'key_path=a&value=%zz', '', 400],
    ['a query whose escapes are not UTF-8', {}, undefined, '?key_path=a&value=%C3', 400],
    [
      'a multipart that is not UTF-8',
      multipart,
      parts(part('key_path', 'a'), part('value', Buffer.from([0xff]))),
      '',
      400,
    ],
    ['a multipart without end', multipart, part('key_path', 'a'), '', 400],
    ['a multipart without boundary', { 'content-type': 'multipart/form-data' }, parts(part('key_path', 'a')), '', 400],
    ['a file', multipart, parts(part('key_path', 'a'), part('value', 'x', '; filename="x.txt"')), '', 400],
    ['an unknown field', json, '{"key_path":"a","value":"x","valu":"y"}', '', 400],
    ['an unknown field in the query', json, '{"key_path":"a","value":"x"}', '?debug=1', 400],
  ]
  test.each(refused)('of %s is refused and leaves nothing', async (_, headers, body, query, status) => {
    const before = await rows()
    const reply = await create(headers, body, query)
    expect(reply.status).toBe(status)
    expect(reply.body.code).toMatch(/^(INVALID_INPUT|MALFORMED_BODY|UNSUPPORTED_MEDIA_TYPE)$/)
    expect(await rows()).toBe(before)
  })
  test('names each unknown field', async () => {
    const reply = await create(json, '{"key_path":"a","value":"x","one":1,"two":2}')
    expect(reply.body.issues).toEqual(['one', 'two'].map((path) => ({ path, message: 'Unknown field.' })))
  })
})

describe('a value', () => {
  test('is the raw body of whatever type, to the byte', async () => {
    const text = '"a"=%41&b=😀\n'
    for (const type of [
      '',
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/octet-stream',
      'multipart/form-data; boundary=b',
    ]) {
      expect((await put('raw', type ? { 'content-type': type } : {}, text)).status).toBeLessThan(202)
      expect((await ask('GET', '/v1/key/raw', { key, headers: { accept: 'text/plain' } })).text).toBe(text)
      expect((await ask('GET', '/v1/key/raw', { key })).text).toBe(JSON.stringify(text))
    }
    expect((await ask('PUT', '/v1/key/empty', { key })).text).toBe('""')
  })
  test('is a JSON scalar kept as text when the body is JSON', async () => {
    const cases: [string, string][] = [
      ['"x"', 'x'],
      [' 1.50 ', '1.50'],
      ['12345678901234567890', '12345678901234567890'],
      ['true', 'true'],
      ['null', 'null'],
      ['{"value":"y"}', 'y'],
      ['{"value":7}', '7'],
      ['{"value":false}', 'false'],
    ]
    for (const [body, value] of cases) {
      await put('json', json, body)
      expect((await ask('GET', '/v1/key/json', { key, headers: { accept: 'text/plain' } })).text).toBe(value)
    }
    for (const body of [
      '{"value":1e999}',
      '{"value":12345678901234567890}',
      '{"value":[]}',
      '{"value":"x","b":1}',
      '{}',
      '[]',
      '{',
      '"\\ud800"',
      '"\\u0000"',
      '',
    ])
      expect((await put('json', json, body)).status, body).toBe(400)
  })
  test('that is not well-formed is refused', async () => {
    for (const body of [Buffer.from([0xff]), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('a\0')])
      expect((await put('bad', {}, body)).status).toBe(400)
    expect((await put('big', {}, 'v'.repeat(32_768))).status).toBe(201)
    expect((await put('big', {}, 'v'.repeat(32_769))).status).toBe(400)
  })
})

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
