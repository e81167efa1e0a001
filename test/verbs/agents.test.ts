import { describe, expect, test } from 'vitest'
import { actorOfKey } from '../../server/keys/known.ts'
import { answerPermission, askPermission } from '../agents.ts'
import { as } from '../as.ts'
import { toldOf } from '../invited.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db

async function place() {
  const project = await makeProject(world)
  const ana = await makePerson(world, project, 'ADMIN')
  return { project, ana, agents: as(world, ana.actor).agents, keys: as(world, ana.actor).keys }
}

test('an agent comes with one key, which asks, and whose text is shown this once', async () => {
  const { project, agents } = await place()
  const made = await agents.create({ name: 'my-assistant', description: 'Support', metadata: { team: 'a' } })
  expect(made).toMatchObject({
    ...{ name: 'my-assistant', description: 'Support', metadata: { team: 'a' }, disabled: false },
    ...{ live_keys: 1, test_keys: 0, pending: 0, last_activity_at: null, created_by: { type: 'person' } },
    keys: [{ scopes: ['permissions:request'], env: 'live', prefix: 'ak_live_', agent_id: made.id, status: 'active' }],
    stats: { requests: 0, approved: 0, denied: 0, expired: 0, by_policy: 0, median_seconds: null },
  })
  expect(made.api_key).toMatch(/^ak_live_[0-9A-Za-z]{32}$/)
  expect(made.api_key.slice(-4)).toBe(made.keys[0]?.last4)
  expect(await actorOfKey(world, made.api_key)).toMatchObject({ agent: { id: made.id, name: 'my-assistant' } })
  const { api_key, ...kept } = made
  expect(await agents.get({ agentId: made.id })).toEqual(kept)
  expect(JSON.stringify(await agents.list({}))).not.toContain(api_key)
  expect(await toldOf(world, project, 'agent.created')).toEqual([{ agent_id: made.id, name: 'my-assistant' }])
  expect(await toldOf(world, project, 'key.created')).toHaveLength(1)
})

test('its keys may also do what was asked for, each thing once, and never less than ask', async () => {
  const { agents, keys } = await place()
  const made = await agents.create({ name: 'a', scopes: ['values:read', 'permissions:request', 'values:read'] })
  expect(made.keys[0]?.scopes).toEqual(['permissions:request', 'values:read'])
  const keyId = String(made.keys[0]?.id)
  const changed = await keys.update({ keyId, scopes: ['accounts:codes'] })
  expect(changed).toMatchObject({ scopes: ['permissions:request', 'accounts:codes'], agent_id: made.id })
})

test('several keys of an agent work at once, test keys are of the same agent, and all are listed with their end', async () => {
  const { agents } = await place()
  const { id, api_key } = await agents.create({ name: 'a' })
  const expires_at = new Date(Date.now() + 86_400_000).toISOString()
  const second = await agents.createKey({ agentId: id, expires_at })
  const tester = await agents.createKey({ agentId: id, env: 'test' })
  expect(tester.key).toMatch(/^ak_test_[0-9A-Za-z]{32}$/)
  for (const key of [api_key, second.key, tester.key])
    expect(await actorOfKey(world, key)).toMatchObject({ agent: { id } })
  const { keys, ...agent } = await agents.get({ agentId: id })
  expect(agent).toMatchObject({ live_keys: 2, test_keys: 1 })
  expect(keys).toHaveLength(3)
  expect(keys.find((one) => one.id === second.id)).toMatchObject({ expires_at, env: 'live', agent_id: id })
  expect(keys.find((one) => one.id === tester.id)).toMatchObject({ expires_at: null, env: 'test', agent_id: id })
  const gone = agents.createKey({ agentId: id, expires_at: new Date(0).toISOString() })
  expect(await faultyFields(gone)).toEqual(['expires_at'])
  expect(await codeOf(agents.createKey({ agentId: '0'.repeat(26) }))).toBe('NOT_FOUND')
})

describe('powers', () => {
  test('nobody gives an agent’s key what they lack: not a person above their role, not a key beyond its own', async () => {
    const { project, agents } = await place()
    const { id } = await agents.create({ name: 'a' })
    expect(await codeOf(agents.create({ name: 'b', scopes: ['*'] }))).toBe('INSUFFICIENT_SCOPE')
    expect(await codeOf(agents.createKey({ agentId: id, scopes: ['*'] }))).toBe('INSUFFICIENT_SCOPE')
    const more = { scopes: ['agents:write', 'permissions:request'] } as const
    const { actor } = await makeKey(world, project, 'admin', more)
    const byKey = as(world, actor).agents
    expect(await codeOf(byKey.create({ name: 'b' }))).toBe('done')
    expect(await codeOf(byKey.create({ name: 'b', scopes: ['values:read'] }))).toBe('INSUFFICIENT_SCOPE')
    expect(await codeOf(byKey.create({ name: 'b', env: 'test' }))).toBe('INSUFFICIENT_SCOPE')
    const { actor: lower } = await makeKey(world, project, 'admin', { scopes: ['agents:write'] })
    expect(await codeOf(as(world, lower).agents.create({ name: 'b' }))).toBe('INSUFFICIENT_SCOPE')
    expect((await agents.list({})).items).toHaveLength(2)
  })
  test('what a limited key makes has the limits of that key', async () => {
    const { project } = await place()
    const expiresAt = new Date(Date.now() + 3_600_000)
    const limits = { keyPaths: ['deploy'], accountTags: ['prod'], ipAllowlist: ['127.0.0.1'], expiresAt }
    const { actor } = await makeKey(world, project, 'admin', limits)
    const { agents } = as(world, actor)
    const { id, keys } = await agents.create({ name: 'a' })
    const second = await agents.createKey({ agentId: id })
    for (const key of [keys[0], second])
      expect(key).toMatchObject({
        ...{ key_paths: ['deploy'], account_tags: ['prod'], ip_allowlist: ['127.0.0.1'] },
        expires_at: expiresAt.toISOString(),
      })
    const later = new Date(expiresAt.getTime() + 1000).toISOString()
    expect(await codeOf(agents.createKey({ agentId: id, expires_at: later }))).toBe('INSUFFICIENT_SCOPE')
  })
})

test('agents are found by name and description, in pages, newest first; those of others are not there', async () => {
  const [{ agents }, other] = [await place(), await place()]
  const { id: foreign } = await other.agents.create({ name: 'Mail of others' })
  const ids: string[] = []
  for (const [name, description] of [
    ['Mail', ''],
    ['Deploy', 'sends MAIL'],
    ['Other', ''],
  ] as const)
    ids.unshift((await agents.create({ name, description })).id)
  const first = await agents.list({ limit: 2 })
  const rest = await agents.list({ limit: 2, cursor: String(first.next_cursor) })
  expect([...first.items, ...rest.items].map((one) => one.id).toSorted()).toEqual(ids.toSorted())
  expect(rest.next_cursor).toBeNull()
  expect((await agents.list({ q: 'mail' })).items.map((one) => one.name).toSorted()).toEqual(['Deploy', 'Mail'])
  expect((await agents.list({ q: '%' })).items).toEqual([])
  for (const call of [
    () => agents.get({ agentId: foreign }),
    () => agents.update({ agentId: foreign, name: 'mine' }),
    () => agents.revoke({ agentId: foreign }),
    () => agents.createKey({ agentId: foreign }),
  ])
    expect(await codeOf(call())).toBe('NOT_FOUND')
})

test('only the fields that are sent change, and what changed is told', async () => {
  const { project, agents } = await place()
  const { id } = await agents.create({ name: 'a', description: 'b', metadata: { c: 1 } })
  expect(await agents.update({ agentId: id, name: 'z' })).toMatchObject({
    ...{ name: 'z', description: 'b', metadata: { c: 1 }, disabled: false },
  })
  expect(await agents.update({ agentId: id, description: '', metadata: {} })).toMatchObject({
    ...{ name: 'z', description: '', metadata: {} },
  })
  await agents.update({ agentId: id })
  expect(await toldOf(world, project, 'agent.changed')).toEqual([
    { agent_id: id, name: 'z', fields: ['name'] },
    { agent_id: id, name: 'z', fields: ['description', 'metadata'] },
  ])
})

test('statistics are of 30 days, of live keys, and tell who answered how', async () => {
  const { project, ana, agents } = await place()
  const { id, api_key } = await agents.create({ name: 'a' })
  const actor = await actorOfKey(world, api_key)
  const ask = () => askPermission(world, actor)
  const answered = async (action: 'approve' | 'deny', seconds: number) => {
    const asked = await ask()
    await answerPermission(world, ana.actor, asked, action)
    await sql`update permissions set answered_at = created_at + make_interval(secs => ${seconds}) where id = ${asked.id}`
    return asked
  }
  await answered('approve', 10)
  await answered('approve', 20)
  await answered('deny', 60)
  const late = await ask()
  await sql`update approvals set expires_at = now() - interval '1 second' where id = ${late.id}`
  const withdrawn = await ask()
  await as(world, actor).permissions.revoke({ id: withdrawn.id })
  await ask()
  const old = await answered('approve', 1000)
  await sql`update permissions set created_at = now() - interval '31 days' where id = ${old.id}`
  // Of a policy, as an answer at once stores it.
  await sql`
    insert into permissions (id, project_id, agent_id, key_family, asked_by, action, scope, context, action_hash, ttl, uses,
      answer, answered_at, answered_by, granted_until)
    select ${'0'.repeat(26)}, project_id, agent_id, key_family, asked_by, action, scope, context, action_hash, ttl, uses,
      'approved', now(), '{"type": "policy", "id": null, "name": "p"}', now() from permissions where id = ${late.id}`
  const tester = await agents.createKey({ agentId: id, env: 'test' })
  await askPermission(world, await actorOfKey(world, tester.key))
  await sql`
    insert into key_uses (key_id, at, ip, first_at, uses, networks)
    values (${tester.id}, '2025-01-01T12:00:00Z', '127.0.0.1', now(), 1, '{}')`
  expect(await agents.get({ agentId: id })).toMatchObject({
    ...{ pending: 1, live_keys: 1, test_keys: 1, last_activity_at: '2025-01-01T12:00:00.000Z' },
    stats: { requests: 7, approved: 3, denied: 1, expired: 1, by_policy: 1, median_seconds: 20 },
  })
  expect((await agents.list({})).items).toMatchObject([{ id, pending: 1 }])
  expect(await toldOf(world, project, 'agent.changed')).toEqual([])
})
