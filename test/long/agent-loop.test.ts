import { beforeAll, expect, test } from 'vitest'
import { Client } from '../../clients/typescript/src/index.ts'
import { makeAgent } from '../agents.ts'
import { build, type Served, start, startServer, temporaryDirectory } from '../built.ts'
import { testDb } from '../db.ts'
import { urlOf } from '../faults/nodes.ts'
import { makeProject } from '../make.ts'
import { mcpOverHttp, mcpOverStdio } from '../mcp.ts'
import { openBrowser, press } from '../pages/browser.ts'
import { enter } from '../pages/inside.ts'
import { makePerson } from '../people.ts'
import { freePort } from '../port.ts'
import { worldAt } from '../serve.ts'

const { address } = await testDb({ max: 2 })
const PORT = String(await freePort())
const url = `http://127.0.0.1:${PORT}`
const environment = { MASTER_KEY: 'ab'.repeat(32), PUBLIC_URL: url, DATA_DIR: temporaryDirectory() }
const world = await worldAt(address, environment)
const browser = await openBrowser()

const asked = { to: ['ana@example.com', 'bo@example.com'], max: 5 }
const allowed = { to: ['ana@example.com'], max: 5 }
const wish = { action: 'email.send', resource: 'mailbox:support', scope: asked }

const serve = () => startServer({ ...environment, PORT, DATABASE_URL: urlOf(address), LOG_LEVEL: 'silent' })
let server: Served

beforeAll(async () => {
  build()
  server = await serve()
}, 300_000)

/** The server dies at once, with all that it was doing, and another one takes its place. */
async function killed() {
  await server.stop('SIGKILL')
  server = await serve()
}

/** An agent with a key, and a person of its project with a browser. */
async function office() {
  const project = await makeProject(world)
  const { key } = await makeAgent(world, project)
  const person = await makePerson(world, project)
  /** What it asked, as soon as a person is asked. */
  const pending = async () => {
    const find = () => world.db.sql<{ id: string }[]>`select id from permissions where project_id = ${project.id}`
    await expect.poll(async () => (await find()).length, { timeout: 20_000 }).toBe(1)
    return (await find())[0]?.id ?? ''
  }
  /** The person opens the page of the request, unticks one address, and approves what is left. */
  const approveLess = async (id: string) => {
    const { page, close } = await enter(browser, url, person, `/p/${project.id}/requests/${id}`)
    await press(page, 'Allow less…')
    await page.getByRole('checkbox', { name: 'bo@example.com' }).uncheck()
    await press(page, 'Approve less')
    await page.getByRole('status').filter({ hasText: 'Allowed less than was asked' }).first().waitFor()
    await close()
  }
  /** What a use of the token answers, by the plain API. */
  const use = async (id: string, token: unknown) => {
    const reply = await fetch(`${url}/v1/permissions/${id}/use`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    })
    return [reply.status, ((await reply.json()) as { code?: string }).code]
  }
  return { key, pending, approveLess, use }
}

test('by the SDK: asks, is allowed less, acts once, and a second use is 410, over two killed servers', async () => {
  const { key, pending, approveLess, use } = await office()
  const client = new Client({ baseUrl: url, apiKey: key })
  const waiting = client.permissions.request(wish, { waitForApproval: true, timeout: 120_000 })
  const id = await pending()
  await killed()
  await approveLess(id)
  const granted = await waiting
  expect(granted.scope).toEqual(allowed)
  expect(await client.permissions.use(id, granted.token)).toMatchObject({ scope: allowed, uses_remaining: 0 })
  await killed()
  await expect(client.permissions.use(id, granted.token)).rejects.toMatchObject({ status: 410, code: 'TOKEN_USED' })
  expect(await use(id, granted.token)).toEqual([410, 'TOKEN_USED'])
}, 180_000)

test('by an MCP client of `countersign mcp`: the process waits on while the server dies', async () => {
  const { key, pending, approveLess, use } = await office()
  const { call } = await mcpOverStdio(url, key)
  const waiting = call('request_permission', { ...wish, reason: 'A refund.' })
  const id = await pending()
  await killed()
  await approveLess(id)
  let answer = await waiting
  while (answer.status === 'pending') answer = await call('wait', { handle: answer.handle })
  const { handle, token, scope } = answer
  expect(scope).toEqual(allowed)
  expect(await call('use_permission', { handle, token })).toMatchObject({ scope: allowed, uses_remaining: 0 })
  await killed()
  expect((await call('use_permission', { handle, token })).error).toMatch(/^TOKEN_USED: /)
  expect(await use(id, token)).toEqual([410, 'TOKEN_USED'])
}, 180_000)

test('by an MCP client of /mcp: a wait that broke off is repeated with the same handle', async () => {
  const { key, pending, approveLess, use } = await office()
  const { call } = await mcpOverHttp(url, key)
  const { handle } = await call('request_permission', { ...wish, reason: 'A refund.', wait_seconds: 0 })
  const broken = call('wait', { handle }).then(
    () => 'answered',
    () => 'broke off',
  )
  const id = await pending()
  await killed()
  expect(await broken).toBe('broke off')
  await approveLess(id)
  const { token, scope } = await call('wait', { handle })
  expect(scope).toEqual(allowed)
  expect(await call('use_permission', { handle, token })).toMatchObject({ scope: allowed, uses_remaining: 0 })
  await killed()
  expect((await call('use_permission', { handle, token })).error).toMatch(/^TOKEN_USED: /)
  expect(await use(id, token)).toEqual([410, 'TOKEN_USED'])
}, 180_000)

test('by `run --`: the command runs once, with what was allowed, after the token was used', async () => {
  const { key, pending, approveLess, use } = await office()
  const script = 'console.log(JSON.stringify([process.env.TOKEN, JSON.parse(process.env.ALLOWED)]))'
  const tells = ['--token-env', 'TOKEN', '--scope-env', 'ALLOWED', '--timeout', '3m']
  const what = ['--action', wish.action, '--resource', wish.resource, '--scope', JSON.stringify(asked)]
  const ran = start(['run', ...what, ...tells, '--', process.execPath, '-e', script], {
    COUNTERSIGN_URL: url,
    COUNTERSIGN_API_KEY: key,
  })
  const id = await pending()
  await killed()
  await approveLess(id)
  const { code, stdout, stderr } = await ran.ended
  expect(code, stderr).toBe(0)
  const [token, scope] = JSON.parse(stdout)
  expect(scope).toEqual(allowed)
  await killed()
  expect(await use(id, token)).toEqual([410, 'TOKEN_USED'])
}, 180_000)

test('an agent that acts without using its token is seen by the same look: the token still works', async () => {
  const { key, pending, approveLess, use } = await office()
  const waiting = new Client({ baseUrl: url, apiKey: key }).permissions.request(wish, { waitForApproval: true })
  const id = await pending()
  await approveLess(id)
  const { token } = await waiting
  expect(await use(id, token)).toEqual([200, undefined])
  expect(await use(id, token)).toEqual([410, 'TOKEN_USED'])
}, 120_000)
