import { expect, test } from 'vitest'
import { Client } from '../../clients/typescript/src/index.ts'
import { makeAccount } from '../accounts.ts'
import { as } from '../as.ts'
import { command, type Here } from '../cli.ts'
import { asker } from '../http.ts'
import { makeKey, makeProject } from '../make.ts'
import { mcpOverHttp } from '../mcp.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const project = await makeProject(world)
const { key, actor } = await makeKey(world, project, 'admin')
const ana = await makePerson(world, project)
const person = as(world, ana.actor)
const here: Here = { COUNTERSIGN_URL: url, COUNTERSIGN_API_KEY: key }
const { kept_id } = await person.kept.create({ name: 'Production database', secret: 'hunter2' })
const account = await makeAccount(world, project, { owner: ana })
await person.accounts.update({ accountId: account.id, only_by_approval: true })
await as(world, actor).values.put({ key_path: 'vault/token', value: 'the token' })
await person.values.guard({ key_path: 'vault' })

/** A person presses a button of the newest request that waits, as soon as there is one. */
async function press(action: 'approve' | 'reject') {
  const newest = async () => (await person.approvals.list({ status: 'pending' })).items[0]
  await expect.poll(newest, { timeout: 15_000 }).toBeDefined()
  const asked = await newest()
  if (!asked) throw new Error('Nothing waits.')
  await person.approvals.decide({ approval_id: asked.approval_id, action, action_hash: asked.action_hash })
  return asked
}

const ask = asker(url)

test('over REST: 403 says how to ask, and the release is read once, never to be stored by anybody between', async () => {
  const shut = await ask('GET', '/v1/key/vault/token', { key, headers: { 'if-none-match': '"1"' } })
  expect(shut).toMatchObject({
    status: 403,
    body: { code: 'ONLY_BY_APPROVAL', details: { how: 'POST /v1/approvals with release', value: 'vault/token' } },
  })
  const wish = { key_path: 'ask/it', value: 'yes', release: { value: 'vault/token' } }
  const { approval_id } = (await ask('POST', '/v1/approvals', { key, body: wish })).body
  await press('approve')
  const read = () => ask('GET', `/v1/approvals/${approval_id}/release`, { key })
  const first = await read()
  expect(first).toMatchObject({ status: 200, body: { kind: 'value', value: 'the token' } })
  expect(first.headers['cache-control']).toContain('no-store')
  expect(await read()).toMatchObject({ status: 410, body: { code: 'RELEASE_USED' } })
})

test('by the SDK: a lost answer comes again under its key, and no other call is answered', async () => {
  const client = new Client({ baseUrl: url, apiKey: key })
  const asked = await client.approvals.create({ key_path: 'ask/it', value: 'yes', release: { secret: kept_id } })
  await expect(client.approvals.release(asked.approval_id)).rejects.toMatchObject({ code: 'APPROVAL_PENDING' })
  await press('approve')
  const once = { idempotencyKey: 'the same', actionHash: asked.action_hash }
  const first = await client.approvals.release(asked.approval_id, once)
  expect(first).toMatchObject({ kind: 'secret', secret: 'hunter2' })
  expect(await client.approvals.release(asked.approval_id, once)).toEqual(first)
  await expect(client.approvals.release(asked.approval_id)).rejects.toMatchObject({ status: 410, code: 'RELEASE_USED' })
})

test('by an agent over MCP: it is told how to ask, asks, and reads what was let out once', async () => {
  const { call } = await mcpOverHttp(url, key)
  const shut = [
    (await call('get_code', { account: account.id })).error,
    (await call('read_value', { key_path: 'vault/token' })).error,
  ]
  for (const error of shut) expect(error).toMatch(/^ONLY_BY_APPROVAL: .*request_approval with release.*read_release/)
  const waiting = call('request_approval', { key_path: 'ask/it', info: 'To sign in', release: { account: account.id } })
  await press('approve')
  const { status, handle } = await waiting
  expect(status).toBe('approved')
  expect(await call('read_release', { handle })).toMatchObject({
    error: undefined,
    kind: 'codes',
    code: expect.stringMatching(/^\d{6}$/),
    codes_left: 0,
  })
  expect((await call('read_release', { handle })).error).toMatch(/^RELEASE_USED: /)
  expect((await call('read_release', { handle: handle?.toString().replace('approval', 'permission') })).error).toMatch(
    /^INVALID_INPUT: /,
  )
})

test('by `code --ask` and `secret release`: only what was let out goes to stdout, after a yes', async () => {
  const shut = await command(['code', account.id], here).ended
  expect(shut).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('--ask') })
  const asking = command(['code', account.id, '--ask', '--info', 'To sign in', '--timeout', '60s'], here)
  const asked = await press('approve')
  expect(asked).toMatchObject({
    info: 'To sign in',
    key_path: `release/code/${account.id}`,
    release: { kind: 'codes' },
  })
  const { code, stdout, stderr } = await asking.ended
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^\d{6}\n$/)])
  expect(stderr).toContain(`${url}/p/${project.id}?open=${asked.approval_id}`)
  expect(stderr).not.toContain('/a/')
  const secret = command(['secret', 'release', kept_id, '--info', 'Migration', '--timeout', '60s'], here)
  await press('approve')
  expect(await secret.ended).toMatchObject({ code: 0, stdout: 'hunter2\n' })
  const no = command(['secret', 'release', kept_id, '--timeout', '60s'], here)
  await press('reject')
  expect(await no.ended).toMatchObject({ code: 3, stdout: '' })
  expect(await command(['secret', 'release', kept_id], here, { shown: true }).ended).toMatchObject({
    code: 2,
    stdout: '',
  })
  expect(await command(['secret', 'release', '0'.repeat(26)], here).ended).toMatchObject({ code: 1, stdout: '' })
})

test('interrupted, a command that asks withdraws what nobody waits for any more', async () => {
  const asking = command(['secret', 'release', kept_id, '--timeout', '60s'], here)
  await expect.poll(asking.hears, { timeout: 15_000 }).toBe(true)
  const [waiting] = (await person.approvals.list({ status: 'pending' })).items
  asking.signal('SIGINT')
  expect(await asking.ended).toMatchObject({ code: 130, stdout: '' })
  const { status } = await person.approvals.get({ approval_id: waiting?.approval_id ?? '' })
  expect(status).toBe('invalidated')
})
