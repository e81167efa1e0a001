import { expect, test } from 'vitest'
import { askPermission, makeAgent, makeAgentKey } from '../agents.ts'
import { as } from '../as.ts'
import { fingerprint } from '../fingerprint.ts'
import { mailbox } from '../mailbox.ts'
import { mailsOf, sentAll } from '../mailed.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf, refusalIn } from '../refusals.ts'
import { serve } from '../serve.ts'
import { makeVictim } from '../victim.ts'

const box = await mailbox()
const { world } = await serve({ SMTP_URL: box.url, MAIL_FROM: 'Countersign <sign@example.com>' })
const mails = mailsOf(box, world)

async function scene() {
  const project = await makeProject(world)
  const ana = await makePerson(world, project, 'OWNER')
  const { agent, actor: live } = await makeAgent(world, project)
  const wish = { env: 'test', scopes: ['approvals:write', 'values:read', 'secrets:write', 'secrets:read'] } as const
  const { actor: tester } = await makeAgentKey(world, project, agent, wish)
  return { project, ana, agent, live, tester, tests: as(world, tester) }
}

test('whatever a test key asks is allowed, also what a policy forbids to live keys', async () => {
  const { ana, live, tester } = await scene()
  await as(world, ana.actor).policies.create({
    ...{ name: 'Nobody sends mail', effect: 'deny' },
    matchers: [{ field: 'action', op: 'prefix', value: 'email.' }],
  })
  expect(await codeOf(askPermission(world, live))).toBe('PERMISSION_DENIED')
  for (const ask of [{}, { resource: 'mailbox:support', scope: {} }, { action: 'anything', uses: 100, ttl: 30 }])
    expect(await askPermission(world, tester, ask)).toMatchObject({ status: 'approved', token: expect.any(String) })
  const no = await refusalIn(askPermission(world, tester, { context: { _test_deny: true } }))
  expect(no).toMatchObject({ code: 'PERMISSION_DENIED', details: { status: 'denied', env: 'test' } })
  // Only `true` asks for a no, and only a test key is asked whether it wants one.
  expect(await askPermission(world, tester, { context: { _test_deny: 'true' } })).toMatchObject({ status: 'approved' })
  const asked = await askPermission(world, live, { action: 'a', context: { _test_deny: true } })
  expect(asked.status).toBe('pending')
})

test('what it is answered says `env: "test"` everywhere', async () => {
  const { tests, tester, live } = await scene()
  const asked = await askPermission(world, tester, { uses: 2 })
  const { id, token = '' } = asked
  const { items } = await tests.permissions.list({})
  expect(items).toHaveLength(1)
  for (const reply of [
    asked,
    ...items,
    await tests.permissions.get({ id }),
    await tests.permissions.verify({ id, token }),
    await tests.permissions.use({ id, token }),
    await tests.permissions.revoke({ id }),
  ])
    expect(reply.env).toBe('test')
  expect((await askPermission(world, live)).env).toBe('live')
})

test('it makes nobody be told: no mail of requests, approvals, secrets or asks, nor of what becomes of them', async () => {
  const { tests, tester, live } = await scene()
  // What live keys have asked above is mailed, as it should be.
  await sentAll(world)
  const sent = await mails(async () => {
    await askPermission(world, tester)
    const notify = ['bo@example.com']
    await tests.approvals.create({ key_path: 'a', value: 'x', notify })
    const secret = await tests.secrets.share({ secret: 'x', recipient: 'bo@example.com', notify: 'bo@example.com' })
    await as(world, { type: 'visitor' }).secrets.reveal({ secret_key: String(secret.secret_key) })
    const ask = await tests.asks.create({ title: 'The token', notify: 'bo@example.com' })
    await as(world, { type: 'visitor' }).asks.answer({ token: ask.url.slice(-26), secret: 'x' })
  })
  expect(sent.map((mail) => mail.header('subject'))).toEqual([])
  // The same harness sees what a live key makes (control).
  expect(await mails(() => askPermission(world, live), 1)).toHaveLength(1)
})

test('it never touches live objects, nor is seen among them', async () => {
  const victim = await makeVictim(world)
  const { project, owner, ids } = victim
  const { actor: tester } = await makeAgentKey(
    world,
    project,
    { id: ids.agentId, name: 'victim agent' },
    { env: 'test' },
  )
  const before = await fingerprint(world.db.sql, victim, { twin: false })
  const tests = as(world, tester).permissions
  const yes = await askPermission(world, tester)
  await tests.use({ id: yes.id, token: yes.token ?? '' })
  for (const call of [
    () => tests.get({ id: ids.permissionId }),
    () => tests.revoke({ id: ids.permissionId }),
    () => tests.verify({ id: ids.permissionId, token: 'x' }),
    () => tests.use({ id: ids.permissionId, token: 'x' }),
  ])
    expect(await codeOf(call())).toBe('NOT_FOUND')
  expect((await tests.list({})).items.map((one) => one.id)).toEqual([yes.id])
  expect(await fingerprint(world.db.sql, victim, { twin: false })).toBe(before)
  const live = await as(world, owner.actor).permissions.list({})
  expect(live.items.map((one) => one.id)).not.toContain(yes.id)
  expect((await as(world, owner.actor).agents.get({ agentId: ids.agentId })).stats.requests).toBe(2)
})

test('a test key of no agent’s, as key:create --preset agent-test makes, is answered the same', async () => {
  const { key, actor } = await makeKey(world, await makeProject(world), 'agent-test')
  expect(key).toMatch(/^ak_test_[0-9A-Za-z]{32}$/)
  expect(await askPermission(world, actor)).toMatchObject({ status: 'approved', env: 'test', agent: { type: 'key' } })
  expect(await codeOf(as(world, actor).agents.list({}))).not.toBe('done')
})
