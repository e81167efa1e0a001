import { describe, expect, test } from 'vitest'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { key } = await makeAsker(world)
const ask = asker(url)
const json = { 'content-type': 'application/json' }
const put = (path: string, headers: Record<string, string>, body: string | Buffer) =>
  ask('PUT', `/v1/key/${path}`, { key, headers, body })

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
