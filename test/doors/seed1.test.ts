import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type Scope, transports } from '../../shared/scopes.ts'
import { asker } from '../http.ts'
import { makeApproval, makeAsker, makeKey, makeProject } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const project = await makeProject(world)
const ask = asker(url)
/** As the page says, a text of one's own: an arbitrary string that acts like a password. */
const own = 'Correct-Horse_Battery!Staple.42'
const { key } = await makeKey(world, project, 'admin', { transports, text: own })
const { key: strict } = await makeKey(world, project, 'admin')

const run = promisify(execFile)

/** Runs curl as it is typed; answers the status and the body. */
async function curl(...args: string[]): Promise<{ status: number; body: string }> {
  const { stdout } = await run('curl', ['-s', '-w', '\n%{http_code}', ...args])
  const at = stdout.lastIndexOf('\n')
  return { status: Number(stdout.slice(at + 1)), body: stdout.slice(0, at) }
}

describe('seed 1: an API key passed by real curl', () => {
  const at = `${url}/v1/approvals`
  const json = ['-H', 'Content-Type: application/json']
  const ways: Record<string, (key: string) => string[]> = {
    'in the request header x-Apikey': (key) => [
      at,
      '-H',
      `x-Apikey: ${key}`,
      ...json,
      '-d',
      '{"key_path":"a","value":"b"}',
    ],
    'in the query string value key': (key) => [`${at}?key=${key}`, ...json, '-d', '{"key_path":"a","value":"b"}'],
    'in the form value key': (key) => [at, '-d', `key=${key}`, '-d', 'key_path=a', '-d', 'value=b'],
    'in the JSON property API_Key': (key) => [at, ...json, '-d', `{"API_Key":"${key}","key_path":"a","value":"b"}`],
  }
  test.each(Object.entries(ways))('%s is taken, when its transports allow it', async (name, way) => {
    expect(await curl(...way(key))).toMatchObject({ status: 201, body: expect.stringContaining('"status":"pending"') })
    const refused = await curl(...way(strict))
    if (name.includes('header')) expect(refused.status).toBe(201)
    else expect(refused).toMatchObject({ status: 403, body: expect.stringContaining('TRANSPORT_NOT_ALLOWED') })
    expect(refused.body).not.toContain(strict)
  })
  test('all content types take the header and the query: text, form and multipart beside JSON', async () => {
    for (const type of [
      ['-d', 'x'],
      ['-F', 'key_path=a', '-F', 'value=b'],
      ['-H', 'Content-Type: text/plain', '-d', 'x'],
    ]) {
      const isForm = type[0] === '-F'
      const target = (query = '') => `${isForm ? at : `${url}/v1/key/any/type`}${query}`
      const method = isForm ? [] : ['-X', 'PUT']
      expect((await curl(target(), ...method, '-H', `x-Apikey: ${key}`, ...type)).status).toBeLessThan(300)
      expect((await curl(target(`?key=${key}`), ...method, ...type)).status).toBeLessThan(300)
    }
    expect(await curl(`${url}/v1/key/any/type?key=${key}`)).toEqual({ status: 200, body: '"x"' })
  })
})

describe('seed 1: a key can only be used for what it was given', async () => {
  const { project: place, actor } = await makeAsker(world)
  const { approval_id: approval } = await makeApproval(world, actor)
  const path = async (id: string) => (await ask('GET', `/v1/approvals/${id}`, { key: strict })).status
  /** One request for each family that this service has, and the scope that it takes. */
  const requests: [string, string, Scope, unknown?][] = [
    ['GET', '/v1/keys', 'values:read'],
    ['PUT', '/v1/key/family', 'values:write', 'x'],
    ['GET', '/v1/approvals', 'approvals:read'],
    ['GET', `/v1/approvals/${approval}`, 'approvals:read'],
    ['POST', '/v1/approvals', 'approvals:write', { key_path: 'a', value: 'b' }],
    ['POST', `/v1/approvals/${approval}/invalidate`, 'approvals:write'],
    ['GET', '/v1/api-keys', 'keys:read'],
    ['GET', '/v1/requests', 'keys:read'],
    ['POST', '/v1/api-keys', 'keys:write', { name: 'a', scopes: ['keys:write'] }],
  ]
  const only = async (scope: Scope) => (await makeKey(world, place, 'admin', { scopes: [scope] })).key

  test.each([
    'values:read',
    'values:write',
    'approvals:read',
    'approvals:write',
    'keys:read',
    'keys:write',
    'accounts:read',
  ] as const)('%s alone opens its own requests and is refused at all others', async (scope) => {
    const key = await only(scope)
    for (const [method, target, needs, body] of requests) {
      const reply = await ask(method, target, { key, ...(body === undefined ? {} : { body }) })
      if (needs === scope) expect(reply.status, `${method} ${target}`).toBeLessThan(300)
      else expect(reply, `${method} ${target}`).toMatchObject({ status: 403, body: { code: 'INSUFFICIENT_SCOPE' } })
    }
  })
  test('the Native API, *, opens all of them', async () => {
    const { key } = await makeKey(world, place, 'admin')
    for (const [method, target, , body] of requests.filter(([, target]) => !target.endsWith('invalidate')))
      expect((await ask(method, target, { key, ...(body === undefined ? {} : { body }) })).status, target).toBeLessThan(
        300,
      )
    expect(await path(approval)).toBe(404)
  })
})
