import { describe, expect, test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import { sweepAged } from '../../server/keys/alerts.ts'
import { actorOfKey } from '../../server/keys/known.ts'
import type { NewKey } from '../../server/keys/made.ts'
import type { Preset } from '../../shared/scopes.ts'
import { as } from '../as.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db
const project = await makeProject(world)
const owner = await makePerson(world, project, 'OWNER')
const admin = await makePerson(world, project, 'ADMIN')
const { keys } = as(world, admin.actor)
const later = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()

const fresh = (preset: Preset = 'write', more: Partial<NewKey> = {}) => makeKey(world, project, preset, more)
const told = async (id: string) =>
  (await sql`select name from events where target = ${`key:${id}`} order by seq`).map((one) => one.name)

describe('rotating', () => {
  test('makes a key like it with a new text; the old one works to the end of its grace time', async () => {
    const old = await fresh('write', {
      description: 'd',
      keyPaths: ['a'],
      accountTags: ['prod'],
      ipAllowlist: ['127.0.0.1'],
      transports: ['header', 'form'],
      logging: 'both',
    })
    const made = await keys.rotate({ keyId: old.id, grace_seconds: 60 })
    const before = await keys.get({ keyId: old.id })
    const { id, key, created_at, created_by, last4, ...like } = made
    expect(before).toMatchObject({ ...like, expires_at: expect.any(String), replaced_by: id })
    expect(created_by).toMatchObject({ id: admin.id })
    expect(Date.parse(before.expires_at ?? '') - Date.parse(created_at)).toBe(60_000)
    expect(await actorOfKey(world, key)).toMatchObject({ makerId: admin.id, family: old.id, accountTags: ['prod'] })
    expect(await codeOf(actorOfKey(world, old.key))).toBe('done')
    expect(last4).toBe(key.slice(-4))
    expect(await told(old.id)).toEqual(['key.created', 'key.rotated'])
    expect(await told(id)).toEqual(['key.created'])
  })
  test('without grace ends the old one at once', async () => {
    const old = await fresh()
    await keys.rotate({ keyId: old.id, grace_seconds: 0 })
    await expect.poll(() => codeOf(actorOfKey(world, old.key))).toBe('EXPIRED_API_KEY')
  })
  test('never makes the old one live longer, and gives the new one a life as long', async () => {
    const old = await fresh('write', { lifetime: 3600 })
    await sql`update api_keys set created_at = created_at - interval '1 day' where id = ${old.id}`
    const { expires_at } = await keys.get({ keyId: old.id })
    const made = await keys.rotate({ keyId: old.id, grace_seconds: 604_800 })
    expect((await keys.get({ keyId: old.id })).expires_at).toBe(expires_at)
    expect((Date.parse(made.expires_at ?? '') - Date.now()) / 3_600_000).toBeCloseTo(25, 1)
  })
  test('twice, or of what has ended, is refused; of twelve at once one makes a key', async () => {
    const old = await fresh()
    const codes = await Promise.all(
      Array.from({ length: 12 }, () => codeOf(keys.rotate({ keyId: old.id, grace_seconds: 60 }))),
    )
    expect(codes.toSorted()).toEqual([...Array(11).fill('KEY_ENDED'), 'done'])
    const gone = await fresh()
    await keys.revoke({ keyId: gone.id })
    expect(await codeOf(keys.rotate({ keyId: gone.id }))).toBe('KEY_ENDED')
  })
  test('gives nobody the text of a key that is stronger than they are', async () => {
    const strong = await fresh('admin')
    expect(await codeOf(keys.rotate({ keyId: strong.id }))).toBe('INSUFFICIENT_SCOPE')
    const weak = await fresh('admin', { scopes: ['keys:write'] })
    expect(await codeOf(as(world, weak.actor).keys.rotate({ keyId: strong.id }))).toBe('INSUFFICIENT_SCOPE')
    expect(await codeOf(as(world, weak.actor).keys.rotate({ keyId: weak.id }))).toBe('done')
    expect(await codeOf(as(world, owner.actor).keys.rotate({ keyId: strong.id }))).toBe('done')
  })
  test('by a key that ends makes one that ends no later', async () => {
    const short = await fresh('admin', { scopes: ['keys:write', 'values:read'], lifetime: 600 })
    const made = await as(world, short.actor).keys.rotate({ keyId: (await fresh('read')).id })
    expect(made.expires_at).toBe(short.actor.expiresAt?.toISOString())
  })
  test('says of the old one whether it is used still', async () => {
    const old = await fresh()
    await sql`insert into key_uses (key_id, at, ip, first_at, uses, networks) values (${old.id}, now(), '::1', now(), 1, '{}')`
    await keys.rotate({ keyId: old.id, grace_seconds: 3600 })
    expect((await keys.get({ keyId: old.id })).alerts).not.toContain('replaced_still_used')
    await sql`update key_uses set at = now() + interval '1 second' where key_id = ${old.id}`
    const still = await keys.get({ keyId: old.id })
    expect(still).toMatchObject({ alerts: ['replaced_still_used'], last_used: { ip: '::1', user_agent: null } })
    await sql`update api_keys set expires_at = now() - interval '8 days' where id = ${old.id}`
    expect((await keys.get({ keyId: old.id })).alerts).toEqual([])
  })
})

describe('changing', () => {
  test('changes what is sent, at once, and nothing else', async () => {
    const { id, key } = await fresh('write', { description: 'before', keyPaths: ['a'] })
    const before = await keys.get({ keyId: id })
    const tags = { account_tags: ['prod', 'shop'] }
    const change = {
      name: 'after',
      key_paths: null,
      ...tags,
      ip_allowlist: ['::1', ' 127.0.0.1 ', ''],
      expires_at: later(60),
    }
    const changed = await keys.update({ keyId: id, ...change, allow_lockout: true })
    expect(changed).toEqual({ ...before, ...change, ip_allowlist: ['::1', '127.0.0.1'], alerts: ['expiring'] })
    await expect.poll(async () => (await actorOfKey(world, key)).ipAllowlist).toEqual(['::1', '127.0.0.1'])
    expect((await actorOfKey(world, key)).accountTags).toEqual(['prod', 'shop'])
    const rows = await sql`select payload from events where name = 'key.changed' and target = ${`key:${id}`}`
    expect(rows[0]?.payload.fields.toSorted()).toEqual([
      'account_tags',
      'expires_at',
      'ip_allowlist',
      'key_paths',
      'name',
    ])
    expect(await keys.update({ keyId: id })).toEqual(changed)
    expect(await told(id)).toEqual(['key.created', 'key.changed'])
  })
  test('switches a key off and on again', async () => {
    const { id, key } = await fresh()
    expect(await keys.update({ keyId: id, disabled: true })).toMatchObject({ status: 'disabled' })
    await expect.poll(() => codeOf(actorOfKey(world, key))).toBe('EXPIRED_API_KEY')
    expect(await keys.update({ keyId: id, name: 'still off' })).toMatchObject({ status: 'disabled' })
    expect(await keys.update({ keyId: id, disabled: false })).toMatchObject({ status: 'active' })
    await expect.poll(() => codeOf(actorOfKey(world, key))).toBe('done')
  })
  test('keeps bodies for a day unless told otherwise, and stops by itself', async () => {
    const { id } = await fresh()
    const hoursLeft = async (change: object) => {
      const { logging_until: until } = await keys.update({ keyId: id, ...change })
      return until === null ? null : Math.round((Date.parse(until) - Date.now()) / 3_600_000)
    }
    expect(await hoursLeft({ logging: 'both' })).toBe(24)
    expect(await hoursLeft({ logging_until: later(6 * 86_400) })).toBe(144)
    expect(await hoursLeft({ name: 'same' })).toBe(144)
    expect(await faultyFields(keys.update({ keyId: id, logging_until: later(8 * 86_400) }))).toEqual(['logging_until'])
    expect(await hoursLeft({ logging: 'none' })).toBeNull()
    await keys.update({ keyId: id, logging: 'both' })
    await sql`update api_keys set logging_until = now() where id = ${id}`
    expect(await keys.get({ keyId: id })).toMatchObject({ logging: 'none', logging_until: null })
  })
  test('an ended key is refused, an unknown one and another project’s are not found', async () => {
    const { id } = await fresh()
    await keys.revoke({ keyId: id })
    expect(await codeOf(keys.update({ keyId: id, name: 'x' }))).toBe('KEY_ENDED')
    const elsewhere = as(world, (await makePerson(world, await makeProject(world))).actor).keys
    const { id: mine } = await fresh()
    for (const call of [
      () => elsewhere.get({ keyId: mine }),
      () => elsewhere.update({ keyId: mine, name: 'x' }),
      () => elsewhere.revoke({ keyId: mine }),
      () => elsewhere.rotate({ keyId: mine }),
      () => elsewhere.requests({ keyId: mine }),
      () => keys.get({ keyId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }),
    ])
      expect(await codeOf(call())).toBe('NOT_FOUND')
  })
  test('a key that is stronger than oneself: only to name it or to stop it', async () => {
    const { id: strong } = await fresh('admin')
    const weak = as(world, (await fresh('admin', { scopes: ['keys:write', 'keys:read'], keyPaths: ['a'] })).actor).keys
    const changes: Omit<Parameters<typeof weak.update>[0], 'keyId'>[] = [
      { scopes: ['keys:read'] },
      { key_paths: ['b'] },
      { account_tags: ['a'] },
      { ip_allowlist: null },
      { expires_at: null },
      { transports: ['query'] },
      { logging: 'both' },
      { disabled: false },
    ]
    for (const change of changes)
      expect(await codeOf(weak.update({ keyId: strong, ...change })), JSON.stringify(change)).toBe('INSUFFICIENT_SCOPE')
    for (const change of [{ name: 'x' }, { description: 'y' }, { disabled: true }])
      expect(await codeOf(weak.update({ keyId: strong, ...change })), JSON.stringify(change)).toBe('done')
    expect(await codeOf(keys.update({ keyId: strong, disabled: false }))).toBe('INSUFFICIENT_SCOPE')
    expect(await codeOf(as(world, owner.actor).keys.update({ keyId: strong, disabled: false }))).toBe('done')
  })
  test('an allowlist that excludes who asks needs a yes; one that cannot be read is refused by its line', async () => {
    const { id } = await fresh()
    for (const list of [['10.0.0.0/8'], []]) {
      expect(await codeOf(keys.update({ keyId: id, ip_allowlist: list }))).toBe('LOCK_OUT')
      expect(await codeOf(keys.create({ name: 'x', scopes: ['values:read'], ip_allowlist: list }))).toBe('LOCK_OUT')
      expect(await codeOf(keys.update({ keyId: id, ip_allowlist: list, allow_lockout: true }))).toBe('done')
    }
    expect(await faultyFields(keys.update({ keyId: id, ip_allowlist: ['127.0.0.1', '010.0.0.1'] }))).toEqual([
      'ip_allowlist.1',
    ])
  })
})

describe('a key in the list', () => {
  test('is found by part of its name or description in any case, by its state, and page by page', async () => {
    const place = await makeProject(world)
    const person = await makePerson(world, place)
    const mine = as(world, person.actor).keys
    for (const [name, description] of [
      ['Deploy', ''],
      ['ci', 'for DEPLOYS'],
      ['100%_x', ''],
    ] as const)
      await makeKey(world, place, 'read', { name, description })
    const names = async (filter: object) => (await mine.list(filter)).items.map((one) => one.name)
    expect(await names({ q: 'deploy' })).toEqual(['ci', 'Deploy'])
    expect(await names({ q: '%_' })).toEqual(['100%_x'])
    const first = await mine.list({ limit: 2 })
    expect(first.items.map((one) => one.name)).toEqual(['100%_x', 'ci'])
    expect(await names({ limit: 2, cursor: first.next_cursor })).toEqual(['Deploy'])
    await sql`update api_keys set expires_at = now() where name = 'ci' and project_id = ${place.id}`
    await mine.revoke({ keyId: first.items[0]?.id ?? '' })
    for (const [status, expected] of [
      ['active', 'Deploy'],
      ['expired', 'ci'],
      ['revoked', '100%_x'],
    ])
      expect(await names({ status })).toEqual([expected])
  })
  test('says what deserves a look', async () => {
    const alerts = async (id: string) => (await keys.get({ keyId: id })).alerts
    const { id } = await fresh()
    expect(await alerts(id)).toEqual([])
    await sql`update api_keys set created_at = now() - interval '8 days' where id = ${id}`
    expect(await alerts(id)).toEqual(['unused'])
    await sql`insert into key_uses (key_id, at, ip, first_at, uses, networks) values (${id}, now(), '::1', now(), 1, '{}')`
    await sql`update api_keys set created_at = now() - interval '91 days' where id = ${id}`
    expect(await alerts(id)).toEqual(['old'])
    await sql`update key_uses set at = now() - interval '91 days', unusual_at = now() - interval '6 days' where key_id = ${id}`
    await sql`update api_keys set expires_at = now() + interval '6 days' where id = ${id}`
    expect(await alerts(id)).toEqual(['old', 'unused', 'expiring', 'unusual'])
    await sql`update api_keys set disabled_at = now() where id = ${id}`
    expect(await alerts(id)).toEqual([])
    const leaver = await makePerson(world, project, 'ADMIN')
    const left = await as(world, leaver.actor).keys.create({ name: 'left', scopes: ['values:read'] })
    await sql`update memberships set disabled_at = now() where person_id = ${leaver.id}`
    expect(await alerts(left.id)).toEqual(['maker_gone'])
  })
  test('that becomes old is told of once, whoever sweeps', async () => {
    const { id } = await fresh()
    await sql`update api_keys set created_at = now() - interval '91 days', aged_at = null where id = ${id}`
    const gone = await fresh()
    await keys.revoke({ keyId: gone.id })
    await sql`update api_keys set created_at = now() - interval '91 days' where id = ${gone.id}`
    const ctx = systemCtx(world, 'sweeper')
    await Promise.all(Array.from({ length: 4 }, () => sweepAged(ctx)))
    expect(await sweepAged(ctx)).toBe(0)
    const rows = await sql`select payload, project_id from events where name = 'key.aged' and target = ${`key:${id}`}`
    expect(rows).toMatchObject([{ payload: { key_id: id, days: 91 }, project_id: project.id }])
    expect(await told(gone.id)).not.toContain('key.aged')
  })
})
