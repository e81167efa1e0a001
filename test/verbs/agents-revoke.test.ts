import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { actorOfKey } from '../../server/keys/known.ts'
import { mustStillWork } from '../../server/keys/works.ts'
import { atomically } from '../../server/lib/transaction.ts'
import { askPerson } from '../../server/permissions/fresh.ts'
import { refusalOf } from '../../server/rpc/fault.ts'
import { answerPermission, askPermission } from '../agents.ts'
import { as, doorCtx } from '../as.ts'
import { heardAll } from '../heard.ts'
import { makeKeyOf, toldOf } from '../invited.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'
import { often } from '../thorough.ts'

const world = await testWorld()

async function scene() {
  const project = await makeProject(world)
  const ana = await makePerson(world, project, 'OWNER')
  const { agents, keys, users } = as(world, ana.actor)
  const { id, api_key, keys: made } = await agents.create({ name: 'my-assistant', scopes: ['approvals:write'] })
  const actor = await actorOfKey(world, api_key)
  /** Where a request stands, as a person of the project reads it. */
  const look = (asked: { id: string }) => as(world, ana.actor).permissions.get({ id: asked.id })
  return { project, ana, agents, keys, users, id, text: api_key, keyId: String(made[0]?.id), actor, look }
}

test('revoking an agent ends all its keys for good, withdraws what it asks, and tells of each', async () => {
  const { project, ana, agents, id, text, actor, look } = await scene()
  const second = await agents.createKey({ agentId: id })
  const tester = await agents.createKey({ agentId: id, env: 'test' })
  const asked = [await askPermission(world, actor), await askPermission(world, actor)]
  const approval = await as(world, actor).approvals.create({ key_path: 'a', value: 'x' })
  const answered = await askPermission(world, actor)
  await answerPermission(world, ana.actor, answered)

  const revoked = await agents.revoke({ agentId: id })
  expect(revoked).toMatchObject({ live_keys: 0, test_keys: 0, pending: 0 })
  expect(revoked.keys.map((one) => one.status)).toEqual(['revoked', 'revoked', 'revoked'])
  await heardAll(world)
  for (const key of [text, second.key, tester.key]) expect(await codeOf(actorOfKey(world, key))).toBe('EXPIRED_API_KEY')
  for (const one of asked) {
    const now = await look(one)
    expect(now).toMatchObject({ status: 'revoked', reason: 'The key that asked was revoked.' })
    expect(await codeOf(answerPermission(world, ana.actor, one))).toBe('APPROVAL_INVALIDATED')
  }
  expect(await look(answered)).toMatchObject({ status: 'approved' })
  const kept = await as(world, ana.actor).approvals.get({ approval_id: approval.approval_id })
  expect(kept.status).toBe('invalidated')
  expect(await toldOf(world, project, 'agent.revoked')).toEqual([{ agent_id: id, name: 'my-assistant', keys: 3 }])
  expect(await toldOf(world, project, 'key.revoked')).toHaveLength(3)
  expect(await toldOf(world, project, 'permission.revoked')).toHaveLength(2)
  expect(await toldOf(world, project, 'approval.invalidated')).toHaveLength(3)

  // Once more changes and tells nothing, and a new key brings the agent back.
  await agents.revoke({ agentId: id })
  expect(await toldOf(world, project, 'agent.revoked')).toHaveLength(1)
  const third = await agents.createKey({ agentId: id })
  expect(await actorOfKey(world, third.key)).toMatchObject({ agent: { id } })
})

test('a token that was approved is of no use once its key is revoked, since use needs the key', async () => {
  const { ana, keys, keyId, text, actor, look } = await scene()
  const asked = await askPermission(world, actor)
  await answerPermission(world, ana.actor, asked)
  const { token = '' } = await as(world, actor).permissions.get({ id: asked.id })
  expect(token).toMatch(/^otp_v1_/)
  await keys.revoke({ keyId })
  await heardAll(world)
  expect(await codeOf(actorOfKey(world, text))).toBe('EXPIRED_API_KEY')
  // Nobody else may use it: not a person of the project, nor another agent's key.
  const person = as(world, ana.actor).permissions
  expect((await look(asked)).token).toBeUndefined()
  expect(await codeOf(person.use({ id: asked.id, token }))).toBe('NOT_FOUND')
  const { actor: other } = await scene()
  expect(await codeOf(as(world, other).permissions.use({ id: asked.id, token }))).toBe('NOT_FOUND')
})

describe('one key of several', () => {
  test('is revoked alone, and takes along the permissions it asked for: the token would be nobody’s', async () => {
    const { project, agents, id, keyId, text, actor, look } = await scene()
    const second = await agents.createKey({ agentId: id })
    const [asked, others] = [
      await askPermission(world, actor),
      await askPermission(world, await actorOfKey(world, second.key)),
    ]
    expect(await codeOf(agents.revoke({ agentId: id, key_id: '0'.repeat(26) }))).toBe('NOT_FOUND')
    const left = await agents.revoke({ agentId: id, key_id: keyId })
    expect(left).toMatchObject({ live_keys: 1, pending: 1 })
    await heardAll(world)
    expect(await codeOf(actorOfKey(world, text))).toBe('EXPIRED_API_KEY')
    expect(await actorOfKey(world, second.key)).toMatchObject({ id: second.id })
    expect((await look(asked)).status).toBe('revoked')
    expect((await look(others)).status).toBe('pending')
    expect(await toldOf(world, project, 'agent.revoked')).toMatchObject([{ keys: 1 }])
    await agents.revoke({ agentId: id, key_id: second.id })
    expect((await look(others)).status).toBe('revoked')
  })
  test('leaves an approval that its agent asked to the other keys, and not to a test key, an ended one, or one switched off', async () => {
    const { project, agents, keys, id, keyId, actor } = await scene()
    const second = await agents.createKey({ agentId: id, scopes: ['approvals:write'] })
    const [off, over] = [await agents.createKey({ agentId: id }), await agents.createKey({ agentId: id })]
    await agents.createKey({ agentId: id, env: 'test' })
    await keys.update({ keyId: off.id, disabled: true })
    await world.db.sql`update api_keys set expires_at = now() where id = ${over.id}`
    const asked = await as(world, actor).approvals.create({ key_path: 'deploy/prod', value: 'yes' })
    const status = async () => {
      const [row] = await world.db
        .sql`select status from approvals where id = ${asked.approval_id} and project_id = ${project.id}`
      return row?.status
    }
    await agents.revoke({ agentId: id, key_id: keyId })
    expect(await status()).toBe('pending')
    await agents.revoke({ agentId: id, key_id: second.id })
    expect(await status()).toBe('invalidated')
  })
  test('of two that are revoked at once the later one withdraws what both have asked', async () => {
    for (let round = 0; round < 5; round++) {
      const { agents, keys, id, keyId, actor, look } = await scene()
      const second = await agents.createKey({ agentId: id })
      const asked = [await askPermission(world, actor), await askPermission(world, await actorOfKey(world, second.key))]
      await Promise.all([keys.revoke({ keyId }), keys.revoke({ keyId: second.id })])
      for (const one of asked) expect((await look(one)).status).toBe('revoked')
    }
  })
})

test('rotation keeps agent and line: the successor reads the token that the old key asked for', async () => {
  const { ana, agents, keys, id, keyId, actor, look } = await scene()
  const asked = await askPermission(world, actor)
  const made = await keys.rotate({ keyId, grace_seconds: 3600 })
  expect(made).toMatchObject({ agent_id: id, scopes: ['permissions:request', 'approvals:write'] })
  expect(made.key).toMatch(/^ak_live_[0-9A-Za-z]{32}$/)
  await keys.revoke({ keyId })
  expect((await look(asked)).status).toBe('pending')
  await answerPermission(world, ana.actor, asked)
  const successor = as(world, await actorOfKey(world, made.key)).permissions
  const { token = '' } = await successor.get({ id: asked.id })
  expect(await successor.use({ id: asked.id, token })).toMatchObject({ success: true, uses_remaining: 0 })
  // Another key of the agent, of a line of its own, sees the request and no token.
  const other = await agents.createKey({ agentId: id })
  const again = await askPermission(world, await actorOfKey(world, made.key))
  await answerPermission(world, ana.actor, again)
  const seen = await as(world, await actorOfKey(world, other.key)).permissions.get({ id: again.id })
  expect(seen).toMatchObject({ status: 'approved' })
  expect(seen.token).toBeUndefined()
})

test('a disabled agent’s keys open nothing and what it asks is withdrawn; enabled, they work again', async () => {
  const { project, agents, id, text, actor, look } = await scene()
  const asked = await askPermission(world, actor)
  const off = await agents.update({ agentId: id, disabled: true })
  expect(off).toMatchObject({ disabled: true, live_keys: 0, pending: 0 })
  expect(await look(asked)).toMatchObject({ status: 'revoked', reason: 'The agent that asked was switched off.' })
  await heardAll(world)
  expect(await codeOf(actorOfKey(world, text))).toBe('EXPIRED_API_KEY')
  // Known since before: whoever was admitted already asks nothing more.
  expect(await codeOf(askPermission(world, actor))).toBe('EXPIRED_API_KEY')
  expect(await agents.update({ agentId: id, disabled: false })).toMatchObject({ disabled: false, live_keys: 1 })
  await heardAll(world)
  expect(await actorOfKey(world, text)).toMatchObject({ agent: { id } })
  expect((await look(asked)).status).toBe('revoked')
  expect(await toldOf(world, project, 'permission.revoked')).toHaveLength(1)
})

describe('keys that end in other ways', () => {
  test('a key that is no agent’s takes along what it asked, but not links that it made', async () => {
    const { project, ana, keys, look } = await scene()
    const { id, actor } = await makeKey(world, project, 'admin')
    const asked = await askPermission(world, actor)
    const { approval_id } = await as(world, actor).approvals.create({ key_path: 'a', value: 'x' })
    await keys.revoke({ keyId: id })
    expect((await look(asked)).status).toBe('revoked')
    expect((await as(world, ana.actor).approvals.get({ approval_id })).status).toBe('pending')
  })
  test('so does a key whose maker is shown out', async () => {
    const { project, users, look } = await scene()
    const gone = await makePerson(world, project, 'ADMIN')
    const { actor } = await makeKeyOf(world, project, gone, 'agent-live')
    const asked = await askPermission(world, actor)
    await users.disable({ userId: gone.id })
    expect((await look(asked)).status).toBe('revoked')
  })
  test('what many asked is withdrawn whole, and nothing of others', async () => {
    const { project, keys, keyId, actor, agents, look } = await scene()
    const other = await agents.create({ name: 'other' })
    const kept = await askPermission(world, await actorOfKey(world, other.api_key))
    const asked = await Promise.all(Array.from({ length: 205 }, () => askPermission(world, actor)))
    await keys.revoke({ keyId })
    const [left] = await world.db.sql`
      select count(*)::int as count from approvals where id = any (${asked.map((one) => one.id)}) and status = 'pending'`
    expect(left).toEqual({ count: 0 })
    expect(await toldOf(world, project, 'permission.revoked')).toHaveLength(205)
    expect((await look(kept)).status).toBe('pending')
  })
})

describe('what is asked while its key is being revoked', () => {
  const wish = { action: 'email.send', scope: {}, context: {}, ttl: 300, uses: 1 }

  /** Where a request stands that commits only after its key was revoked, or after that has begun to wait for it. */
  async function askedAround(held: boolean) {
    const { keys, keyId, actor, look } = await scene()
    let revoking: Promise<unknown> = Promise.resolve()
    const asked = await atomically(world.db.sql, async (tx) => {
      if (held) await mustStillWork(tx, actor)
      const made = await askPerson(tx, { ...doorCtx(world, actor), actor }, wish)
      revoking = keys.revoke({ keyId })
      await (held ? sleep(300) : revoking)
      return made
    })
    await revoking
    return (await look({ id: asked.id })).status
  }

  test('is withdrawn with the rest', async () => {
    expect(await askedAround(true)).toBe('revoked')
  })
  test('would wait for an answer to nobody if its key were not held (control)', async () => {
    expect(await askedAround(false)).toBe('pending')
  })
  test('is refused or withdrawn, whichever comes first', async () => {
    for (let round = 0; round < often(5, 50); round++) {
      const { keys, keyId, actor, look } = await scene()
      const calls = Array.from({ length: 3 }, () => askPermission(world, actor).catch(refusalOf))
      await keys.revoke({ keyId })
      for (const asked of await Promise.all(calls))
        expect('code' in asked ? asked.code : (await look(asked)).status).toBeOneOf(['EXPIRED_API_KEY', 'revoked'])
    }
  })
})
