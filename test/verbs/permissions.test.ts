import { expect, test } from 'vitest'
import { answerPermission, askPermission, makeAgent, makeAgentKey } from '../agents.ts'
import { as } from '../as.ts'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const project = await makeProject(world)
const { agent, actor } = await makeAgent(world, project)
const mia = await makePerson(world, project, 'MEMBER')
const mine = as(world, actor).permissions

test('an agent asks, a person allows less, the token works once, and it is told so', async () => {
  const asked = await askPermission(world, actor)
  expect(asked).toMatchObject({
    status: 'pending',
    env: 'live',
    agent: { type: 'agent', id: agent.id },
    uses_remaining: 1,
  })
  expect(asked.token).toBeUndefined()
  await answerPermission(world, mia.actor, asked, 'approve', {
    scope: { to: ['ana@example.com'] },
    comment: 'Only Ana.',
  })
  const answer = await mine.get({ id: asked.id })
  expect(answer).toMatchObject({
    status: 'approved',
    scope: { to: ['ana@example.com'] },
    reason: 'Only Ana.',
    decided_by: { type: 'person', id: mia.id },
  })
  const token = answer.token ?? ''
  expect(await mine.verify({ id: asked.id, token })).toMatchObject({ valid: true, scope: { to: ['ana@example.com'] } })
  expect(await mine.use({ id: asked.id, token })).toMatchObject({ success: true, uses_remaining: 0, status: 'used' })
  expect(await codeOf(mine.use({ id: asked.id, token }))).toBe('TOKEN_USED')
  expect((await mine.get({ id: asked.id })).token).toBeUndefined()
})

test('a test key is allowed everything at once, and a no only when it asks for one', async () => {
  const { actor: tester } = await makeAgentKey(world, project, agent, { env: 'test' })
  const yes = await askPermission(world, tester)
  expect(yes).toMatchObject({ status: 'approved', env: 'test', decided_by: { name: 'test key' } })
  expect(await codeOf(askPermission(world, tester, { context: { _test_deny: true } }))).toBe('PERMISSION_DENIED')
  expect(await as(world, tester).permissions.use({ id: yes.id, token: yes.token ?? '' })).toMatchObject({
    success: true,
  })
})

test('a yes for a while answers the same at once, and nothing else', async () => {
  const asked = await askPermission(world, actor, { action: 'repo.read', resource: 'repo:x' })
  await answerPermission(world, mia.actor, asked, 'approve', { standing_seconds: 600 })
  expect(await askPermission(world, actor, { action: 'repo.read', resource: 'repo:x' })).toMatchObject({
    status: 'approved',
    decided_by: { type: 'policy' },
  })
  for (const other of [{ resource: 'repo:y' }, {}, { resource: 'repo:x', scope: {} }])
    expect(await askPermission(world, actor, { action: 'repo.read', ...other })).toMatchObject({ status: 'pending' })
})

test('a yes for a while to less than was asked allows no more the next time', async () => {
  const asked = await askPermission(world, actor, { action: 'mail.narrowed' })
  await answerPermission(world, mia.actor, asked, 'approve', {
    scope: { to: ['ana@example.com'] },
    standing_seconds: 600,
  })
  expect(await askPermission(world, actor, { action: 'mail.narrowed' })).toMatchObject({
    status: 'approved',
    scope: { to: ['ana@example.com'] },
    requested_scope: asked.requested_scope,
  })
})

test('what was withdrawn, denied or reported is told apart', async () => {
  const [one, two] = [await askPermission(world, actor), await askPermission(world, actor)]
  expect(await mine.revoke({ id: one.id, reason: 'Not needed.' })).toMatchObject({ status: 'revoked' })
  await answerPermission(world, mia.actor, two, 'deny', { comment: 'No.' })
  expect(await mine.get({ id: two.id })).toMatchObject({ status: 'denied', reason: 'No.' })
  expect(await codeOf(answerPermission(world, mia.actor, one))).toBe('APPROVAL_INVALIDATED')
})

test('a wider scope than was asked is refused, and decides nothing', async () => {
  const asked = await askPermission(world, actor, { scope: { to: ['a'], max: 2, force: false } })
  for (const scope of [
    { to: ['a', 'b'], max: 2, force: false },
    { to: ['a'], max: 3, force: false },
    { to: ['a'] },
    {},
  ])
    expect(await codeOf(answerPermission(world, mia.actor, asked, 'approve', { scope }))).toBe('SCOPE_WIDER')
  expect(await codeOf(answerPermission(world, mia.actor, asked, 'deny', { scope: { to: [] } }))).toBe('INVALID_INPUT')
  expect(await codeOf(answerPermission(world, mia.actor, asked, 'deny', { standing_seconds: 60 }))).toBe(
    'INVALID_INPUT',
  )
  expect(await mine.get({ id: asked.id })).toMatchObject({ status: 'pending' })
})
