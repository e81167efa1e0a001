import { expect, test } from 'vitest'
import { asker } from '../http.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const [mine, theirs] = [await makeAsker(world), await makeAsker(world)]
const ask = asker(url)
await ask('PUT', '/v1/key/shared/name', { key: theirs.key, body: 'theirs' })
const { approval_id } = await makeApproval(world, theirs.actor, { key_path: 'shared/name' })

/** The path with what is theirs and with what is nobody's. */
const asked: [string, (id: string, path: string) => string][] = [
  ['GET', (id) => `/v1/approvals/${id}`],
  ['GET', (id) => `/v1/approvals/${id}?wait=1`],
  ['POST', (id) => `/v1/approvals/${id}/invalidate`],
  ['GET', (_, path) => `/v1/key/${path}`],
  ['DELETE', (_, path) => `/v1/key/${path}`],
  ['GET', (_, path) => `/v1/key/${path}/pending`],
  ['GET', (_, path) => `/v1/key/${path}/history`],
]

test.each(asked)('%s of what another project has is answered as what nobody has', async (method, pathOf) => {
  const told = async (path: string) => {
    const { status, text, headers } = await ask(method, path, { key: mine.key })
    const body = text.replaceAll(String(headers['x-request-id']), 'ID').replaceAll('shared/none', 'shared/name')
    return { status, body, etag: headers.etag, length: headers['content-length'] }
  }
  const [real, none] = [
    await told(pathOf(approval_id, 'shared/name')),
    await told(pathOf('0'.repeat(26), 'shared/none')),
  ]
  expect(real).toEqual(none)
  expect(real.body).not.toContain('theirs')
})

test('a value of the same path in two projects is two values, and neither list shows the other’s', async () => {
  expect((await ask('PUT', '/v1/key/shared/name', { key: mine.key, body: 'mine' })).status).toBe(201)
  expect((await ask('GET', '/v1/key/shared/name', { key: theirs.key })).text).toBe('"theirs"')
  for (const [path, key] of [
    ['/v1/keys', mine.key],
    ['/v1/approvals', mine.key],
  ] as const)
    expect((await ask('GET', path, { key })).text).not.toMatch(new RegExp(`theirs|${approval_id}`))
})
