import { expect, test } from 'vitest'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { key } = await makeAsker(world)
const ask = asker(url)
const get = (path: string, headers: Record<string, string> = {}) => ask('GET', `/v1/key/${path}`, { key, headers })

test('a value is a JSON string by default, bare text on request, and an object in full', async () => {
  expect((await ask('PUT', '/v1/key/shown', { key, body: 'de"ployed' })).text).toBe('"de\\"ployed"')
  for (const accept of ['*/*', 'application/json', '', 'application/json, text/plain', 'text/html'])
    expect(await get('shown', accept ? { accept } : {})).toMatchObject({ status: 200, text: '"de\\"ployed"' })
  for (const accept of ['text/plain', 'text/plain;q=0.9, application/json;q=0.1']) {
    const reply = await get('shown', { accept })
    expect([reply.text, reply.headers['content-type']]).toEqual(['de"ployed', 'text/plain; charset=utf-8'])
    expect(reply.headers.vary).toBe('Accept')
  }
  const { body } = await get('shown?view=full')
  expect(body).toMatchObject({ key_path: 'shown', value: 'de"ployed', version: 1, updated_by: { type: 'key' } })
})

test('the version is the ETag: 304 for who knows it, the value for who does not', async () => {
  await ask('PUT', '/v1/key/tagged', { key, body: 'a' })
  const { headers } = await ask('PUT', '/v1/key/tagged', { key, body: 'b' })
  expect(headers.etag).toBe('"2"')
  for (const known of ['"2"', 'W/"2"', '"1", "2"', '*', '2'])
    expect(await get('tagged', { 'if-none-match': known }), known).toMatchObject({
      status: 304,
      text: '',
      headers: { etag: '"2"' },
    })
  for (const known of ['"1"', '"22"', '"v2"', '"2-1"', '"abc"', '1'])
    expect(await get('tagged', { 'if-none-match': known }), known).toMatchObject({ status: 200, text: '"b"' })
  expect((await get('tagged', { 'if-none-match': 'rubbish' })).status).toBe(400)
  expect((await ask('HEAD', '/v1/key/tagged', { key })).headers.etag).toBe('"2"')
})

test('a wait whose time is up answers 200, 304 under If-None-Match, 404 when there is nothing', async () => {
  await ask('PUT', '/v1/key/waited', { key, body: 'a' })
  const replies = await Promise.all([
    get('waited?wait=1'),
    get('waited?wait=1', { 'if-none-match': '"1"' }),
    get('nothing?wait=1'),
  ])
  expect(replies.map((reply) => reply.status)).toEqual([200, 304, 404])
})

test('a conditional write that does not hold is 412, one that makes the value 201, one that changes it 200, a deletion 204', async () => {
  const put = (headers: Record<string, string>) => ask('PUT', '/v1/key/written', { key, headers, body: 'x' })
  expect((await put({ 'if-match': '"1"' })).status).toBe(412)
  expect((await put({ 'if-none-match': '*' })).status).toBe(201)
  expect((await put({ 'if-none-match': '*' })).status).toBe(412)
  expect((await put({ 'if-match': '"1"' })).status).toBe(200)
  expect((await ask('DELETE', '/v1/key/written', { key, headers: { 'if-match': '1' } })).status).toBe(412)
  expect(await ask('DELETE', '/v1/key/written', { key, headers: { 'if-match': '"2"' } })).toMatchObject({
    status: 204,
    text: '',
  })
  expect((await put({ 'if-none-match': '*' })).headers.etag).toBe('"4"')
})

test('a condition comes in its header only: the same name in the query is an unknown field, and nothing is written', async () => {
  await ask('PUT', '/v1/key/asked', { key, body: 'a' })
  const refused = await ask('PUT', '/v1/key/asked?if_match=1', { key, body: 'b' })
  expect(refused).toMatchObject({ status: 400, body: { issues: [{ path: 'if_match', message: 'Unknown field.' }] } })
  expect(await get('asked?if_none_match=1')).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } })
  expect((await get('asked')).text).toBe('"a"')
})
