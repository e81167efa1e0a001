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
