import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { Client } from '../../clients/typescript/src/index.ts'
import { makeAccount } from '../accounts.ts'
import { makeAgent } from '../agents.ts'
import { as } from '../as.ts'
import { build, run, type Served, startServer, temporaryDirectory } from '../built.ts'
import { testDb } from '../db.ts'
import { urlOf } from '../faults/nodes.ts'
import { makeProject } from '../make.ts'
import { mcpOverHttp } from '../mcp.ts'
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
// Two machines: nothing of one browser is in the other.
const browsers = [await openBrowser(), await openBrowser()] as const

const serve = () => startServer({ ...environment, PORT, DATABASE_URL: urlOf(address), LOG_LEVEL: 'silent' })
let server: Served

beforeAll(async () => {
  build()
  server = await serve()
}, 300_000)

const project = await makeProject(world)
const agent = await makeAgent(world, project, {
  scopes: ['permissions:request', 'approvals:read', 'approvals:write', 'accounts:codes'],
})
// An owner who decides nothing here, a person of security, and one of operations.
const owner = await makePerson(world, project, 'OWNER', { name: 'Ona Owner' })
const ana = await makePerson(world, project, 'MEMBER', { name: 'Ana of Security' })
const bo = await makePerson(world, project, 'MEMBER', { name: 'Bo of Operations' })
const approvers = [{ any_of: [ana.email] }, { any_of: [bo.email] }]
const account = await makeAccount(world, project, { name: 'root', issuer: 'AWS', owner })
await as(world, owner.actor).accounts.update({ accountId: account.id, only_by_approval: true })
const { kept_id } = await as(world, owner.actor).kept.create({ name: 'Production database', secret: 'hunter2' })

type Person = Awaited<ReturnType<typeof makePerson>>

/** Somebody opens what was asked in a browser of their own, and says yes. */
async function sayYes(browser: Browser, person: Person, id: string) {
  const { page, close } = await enter(browser, url, person, `/p/${project.id}?open=${id}`)
  await press(page, /^Approve/)
  const said = () => world.db.sql`select from votes where approval_id = ${id} and person_id = ${person.id}`
  await expect.poll(async () => (await said()).length, { timeout: 20_000 }).toBe(1)
  await close()
}

const statusOf = async (id: string) =>
  (await world.db.sql<{ status: string }[]>`select status from approvals where id = ${id}`)[0]?.status

/** The newest approval of the project that waits, as soon as there is one. */
async function waiting(): Promise<string> {
  const find = () => world.db.sql<{ id: string }[]>`
    select id from approvals where project_id = ${project.id} and status = 'pending'`
  await expect.poll(async () => (await find()).length, { timeout: 20_000 }).toBe(1)
  return (await find())[0]?.id ?? ''
}

/** Both people say yes, each in a browser of their own; one of them alone is not enough. */
async function bothSayYes(id: string) {
  await sayYes(browsers[0], ana, id)
  expect(await statusOf(id)).toBe('pending')
  await sayYes(browsers[1], bo, id)
  expect(await statusOf(id)).toBe('executed')
}

/** What a machine says of a receipt that has the public keys and nothing else: no address, no key, another directory. */
async function offline(receipt: string, jwks: string, id: string) {
  const directory = join(temporaryDirectory(), 'auditor')
  mkdirSync(directory)
  writeFileSync(join(directory, 'receipt.jws'), receipt)
  writeFileSync(join(directory, 'jwks.json'), jwks)
  return run(['verify', 'receipt.jws', '--jwks', 'jwks.json', '--approval', id], {}, directory)
}

test('an agent gets a code and a password by two people each, once; the receipts are proven where nobody can be asked', async () => {
  const { call } = await mcpOverHttp(url, agent.key)
  const shut = await call('get_code', { account: account.id })
  expect(shut.error).toMatch(/^ONLY_BY_APPROVAL: .*request_approval/)

  const client = new Client({ baseUrl: url, apiKey: agent.key })
  const common = { value: 'approved', info: 'The migration of tonight', approvers }
  const asked = await client.approvals.create({ key_path: 'ask/code', ...common, release: { account: account.id } })
  await bothSayYes(asked.approval_id)
  const handle = `approval:${asked.approval_id}`
  expect(await call('read_release', { handle })).toMatchObject({
    kind: 'codes',
    code: expect.stringMatching(/^\d{6}$/),
  })
  expect((await call('read_release', { handle })).error).toMatch(/^RELEASE_USED: /)

  const password = await client.approvals.create({ key_path: 'ask/db', ...common, release: { secret: kept_id } })
  expect(await waiting()).toBe(password.approval_id)
  await bothSayYes(password.approval_id)
  // The server dies between the yes and the reading; what was read stays read over the next one, too.
  await server.stop('SIGKILL')
  server = await serve()
  expect(await client.approvals.release(password.approval_id)).toMatchObject({ kind: 'secret', secret: 'hunter2' })
  await server.stop('SIGKILL')
  server = await serve()
  const again = client.approvals.release(password.approval_id)
  await expect(again).rejects.toMatchObject({ status: 410, code: 'RELEASE_USED' })

  const jwks = await (await fetch(`${url}/.well-known/jwks.json`)).text()
  for (const { approval_id } of [asked, password]) {
    const reply = await fetch(`${url}/v1/approvals/${approval_id}/receipt`, {
      headers: { authorization: `Bearer ${agent.key}` },
    })
    const { receipt } = (await reply.json()) as { receipt: string }
    const proven = await offline(receipt, jwks, approval_id)
    expect(proven.stderr + proven.stdout).toContain('Ana of Security')
    expect(proven.stdout).toContain('Bo of Operations')
    expect(proven.code).toBe(0)
    const [head, body, signature] = receipt.split('.')
    const altered = Buffer.from(`${Buffer.from(body ?? '', 'base64url')}`.replace('"approved"', '"APPROVED"'))
    const forged = await offline(`${head}.${altered.toString('base64url')}.${signature}`, jwks, approval_id)
    expect(forged.code).toBe(1)
    const timeline = await as(world, owner.actor).approvals.timeline({ approval_id })
    const people = timeline.flatMap(({ actor }) => (actor.type === 'person' ? [actor.name] : []))
    expect(new Set(people)).toEqual(new Set(['Ana of Security', 'Bo of Operations']))
    expect(timeline.filter(({ action }) => action === 'approval.released')).toMatchObject([
      { actor: { type: 'agent', name: agent.agent.name } },
    ])
  }
  const told = await world.db.sql`select e::text as line from events e where project_id = ${project.id}`
  expect(JSON.stringify(told)).not.toContain('hunter2')
}, 300_000)
