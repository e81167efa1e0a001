import { describe, expect, test } from 'vitest'
import type { Actor } from '../../server/context.ts'
import { actorOfKey } from '../../server/keys/known.ts'
import { faultOfText, type NewKey } from '../../server/keys/made.ts'
import { randomText } from '../../server/lib/token.ts'
import { refusalOf } from '../../server/rpc/fault.ts'
import { reservedPrefixes, type Scope, scopes } from '../../shared/scopes.ts'
import { as } from '../as.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const project = await makeProject(world)
const owner = await makePerson(world, project, 'OWNER')
const admin = await makePerson(world, project, 'ADMIN')

type Wish = Parameters<ReturnType<typeof as>['keys']['create']>[0]

const create = (actor: Actor, wish: Partial<Wish> = {}) =>
  as(world, actor).keys.create({ name: 'made', scopes: ['values:read'], ...wish })

/** A key that may hand out keys, with limits of its own. */
const maker = async (limits: Partial<NewKey>, more: Scope[] = ['values:read']) =>
  (await makeKey(world, project, 'admin', { scopes: ['keys:write', 'keys:read', ...more], ...limits })).actor

describe('a key that a person makes', () => {
  test('says all it was made with, works, and shows its text nowhere again', async () => {
    const wish = {
      name: 'CI',
      description: 'Deploys of the shop',
      scopes: ['values:read', 'approvals:write'],
      key_paths: ['deploy'],
      account_tags: ['prod', 'shop'],
      ip_allowlist: ['127.0.0.1', '10.0.0.0/8'],
      expires_at: '2999-01-01T00:00:00.000Z',
      transports: ['header', 'query'],
      logging: 'both',
      env: 'live',
    } satisfies Wish
    const { key, ...made } = await create(admin.actor, wish)
    expect(made).toMatchObject({
      ...wish,
      status: 'active',
      prefix: 'otw_',
      last4: key.slice(-4),
      created_by: { type: 'person', id: admin.id, name: 'Ana Silva' },
      last_used: null,
      alerts: [],
    })
    expect(Date.parse(made.logging_until ?? '') - Date.parse(made.created_at)).toBe(86_400_000)
    const actor = await actorOfKey(world, key)
    expect(actor).toMatchObject({ id: made.id, makerId: admin.id, makerRole: 'ADMIN', keyPaths: ['deploy'] })
    expect(actor.accountTags).toEqual(['prod', 'shop'])
    const { keys } = as(world, admin.actor)
    expect(await keys.get({ keyId: made.id })).toEqual(made)
    expect(JSON.stringify([await keys.list({}), await keys.get({ keyId: made.id })])).not.toContain(key)
  })
  test.each([
    [['values:read'], 'otr_'],
    [['values:write'], 'otw_'],
    [['permissions:request'], 'ak_live_'],
    [['users:read'], 'sk_'],
  ] as const)('of %j begins with %s', async (scopes, prefix) => {
    expect((await create(owner.actor, { scopes: [...scopes] })).key.startsWith(prefix)).toBe(true)
  })
  test('never has a scope above their role: an ADMIN gives all but *, an OWNER that as well', async () => {
    for (const scope of scopes) {
      expect(await codeOf(create(admin.actor, { scopes: [scope] })), scope).toBe(
        scope === '*' ? 'INSUFFICIENT_SCOPE' : 'done',
      )
      expect(await codeOf(create(owner.actor, { scopes: [scope] })), scope).toBe('done')
    }
    const member = await makePerson(world, project, 'MEMBER')
    expect(await codeOf(create(member.actor))).toBe('INSUFFICIENT_ROLE')
  })
  test('for tests belongs to the twin, and is listed and changed in the live project', async () => {
    const { id, key } = await create(admin.actor, { env: 'test', scopes: ['values:write', 'keys:read'] })
    expect(key).toMatch(/^ot_test_/)
    const actor = await actorOfKey(world, key)
    expect(actor.projectId).not.toBe(project.id)
    const [twin] = await world.db.sql`select test_of from projects where id = ${actor.projectId}`
    expect(twin?.test_of).toBe(project.id)
    expect((await as(world, admin.actor).keys.list({})).items.map((one) => one.id)).toContain(id)
    expect(await as(world, admin.actor).keys.update({ keyId: id, name: 'tried' })).toMatchObject({ env: 'test' })
    expect(await codeOf(as(world, actor).keys.list({}))).toBe('TEST_KEY')
    await as(world, actor).values.put({ key_path: 'only/test', value: 'x' })
    const live = (await makeKey(world, project)).actor
    expect(await codeOf(as(world, live).values.get({ key_path: 'only/test' }))).toBe('NOT_FOUND')
    const second = await create(admin.actor, { env: 'test' })
    expect((await actorOfKey(world, second.key)).projectId).toBe(actor.projectId)
  })
})

describe('a key that a key makes', () => {
  const later = '2999-01-01T00:00:00.000Z'
  const cases: [string, Partial<NewKey>, Partial<Wish>, Partial<Wish>][] = [
    ['no scope that it lacks', {}, { scopes: ['values:write'] }, { scopes: ['values:read', 'keys:write'] }],
    ['not all scopes', {}, { scopes: ['*'] }, {}],
    ['no other paths', { keyPaths: ['deploy'] }, { key_paths: ['deployer'] }, { key_paths: ['deploy/prod'] }],
    ['no end of its paths', { keyPaths: ['deploy'] }, { key_paths: null }, { key_paths: ['deploy'] }],
    ['no other account tags', { accountTags: ['a', 'b'] }, { account_tags: ['a', 'c'] }, { account_tags: ['b'] }],
    ['no end of its account tags', { accountTags: ['a'] }, { account_tags: null }, { account_tags: ['a', 'a'] }],
    ['no tags where it has only grants', { accountTags: [] }, { account_tags: ['a'] }, { account_tags: [] }],
    ['only grants, of a key of tags', { accountTags: ['a'] }, {}, { account_tags: [] }],
    [
      'no later end',
      { lifetime: 3600 },
      { expires_at: later },
      { expires_at: new Date(Date.now() + 6e5).toISOString() },
    ],
    ['an end', { lifetime: 3600 }, { expires_at: null }, { expires_at: new Date(Date.now() + 6e5).toISOString() }],
    [
      'no wider network',
      { ipAllowlist: ['127.0.0.0/8'] },
      { ip_allowlist: ['0.0.0.0/0'] },
      { ip_allowlist: ['127.0.0.0/9'] },
    ],
    [
      'no other network',
      { ipAllowlist: ['127.0.0.0/8'] },
      { ip_allowlist: ['127.0.0.1', '10.0.0.1'] },
      { ip_allowlist: ['127.0.0.1'] },
    ],
    [
      'no IPv6 for IPv4',
      { ipAllowlist: ['0.0.0.0/0'] },
      { ip_allowlist: ['127.0.0.1', '::1'] },
      { ip_allowlist: ['127.0.0.1'] },
    ],
    ['addresses', { ipAllowlist: ['127.0.0.1'] }, { ip_allowlist: null }, { ip_allowlist: ['127.0.0.1'] }],
    ['no other environment', {}, { env: 'test' }, { env: 'live' }],
  ]
  test.each(cases)('has %s', async (_, limits, beyond, within) => {
    const actor = await maker(limits)
    expect(await codeOf(create(actor, beyond))).toBe('INSUFFICIENT_SCOPE')
    expect(await codeOf(create(actor, within))).toBe('done')
  })
  test('has the person behind that key as its maker, and nobody behind one of the command line', async () => {
    const first = await create(owner.actor, { scopes: ['*'] })
    const second = await create(await actorOfKey(world, first.key), { scopes: ['keys:write'] })
    expect(await actorOfKey(world, second.key)).toMatchObject({ makerId: owner.id })
    expect(second.created_by).toMatchObject({ type: 'key', id: first.id })
    const third = await create(await maker({}))
    expect(await actorOfKey(world, third.key)).toMatchObject({ makerId: null, makerRole: 'OWNER' })
  })
  test('is bounded by what the person behind it may give now, and needs them to be an admin still', async () => {
    const person = await makePerson(world, project, 'OWNER')
    const { key } = await create(person.actor, { scopes: ['*'] })
    const actorNow = async (role: string) => {
      await world.db.sql`update memberships set role = ${role} where person_id = ${person.id}`
      await expect.poll(async () => (await actorOfKey(world, key)).makerRole).toBe(role)
      return actorOfKey(world, key)
    }
    expect(await codeOf(create(await actorNow('ADMIN'), { scopes: ['*'] }))).toBe('INSUFFICIENT_SCOPE')
    expect(await codeOf(create(await actorNow('ADMIN')))).toBe('done')
    expect(await codeOf(create(await actorNow('MEMBER')))).toBe('MAKER_NOT_ADMIN')
  })
})

describe('an expiry or a time for logging', () => {
  const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  test.each([
    ['expires_at', { expires_at: at(-1) }],
    ['logging_until', { logging: 'both', logging_until: at(-1) }],
    ['logging_until', { logging: 'both', logging_until: at(7.1) }],
  ] as const)('of %s that cannot be is refused', async (field, wish) => {
    expect(await faultyFields(create(owner.actor, wish))).toEqual([field])
  })
  test('of up to seven days is taken', async () => {
    const until = at(6.9)
    expect(await create(owner.actor, { logging: 'request', logging_until: until })).toMatchObject({
      logging_until: until,
    })
  })
})

describe('a text of one’s own', () => {
  const printable = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).join('')
  /** `length` characters of exactly `distinct` different ones. */
  const textOf = (length: number, distinct: number) => {
    const alphabet = [...printable]
      .sort(() => Math.random() - 0.5)
      .slice(0, distinct)
      .join('')
    return (alphabet + randomText(alphabet, Math.max(0, length - distinct))).slice(0, length)
  }
  const isGood = (text: string) =>
    text.length >= 24 &&
    text.length <= 200 &&
    [...text].every((letter) => printable.includes(letter)) &&
    new Set(text).size >= 10 &&
    !reservedPrefixes.some((prefix) => text.startsWith(prefix))

  test('is taken or refused exactly as the rule says: 2 000 at its borders', () => {
    let [good, bad] = [0, 0]
    for (let i = 0; i < 2000; i++) {
      const length = [23, 24, 25, 199, 200, 201][i % 6] ?? 24
      const distinct = [9, 10, 11, 60][Math.floor(i / 6) % 4] ?? 10
      const start = ['', '', 'otw', ...reservedPrefixes, 'OTW_'][Math.floor(i / 24) % 10] ?? ''
      const odd = ['', '', '', ' ', '\t', '\u007f', 'ä', '\0', '\n'][Math.floor(i / 3) % 9] ?? ''
      const text = (start + textOf(length - start.length - odd.length, distinct)).slice(0, length - odd.length) + odd
      const fault = faultOfText(text)
      expect(fault === undefined, `${JSON.stringify(text)}: ${fault}`).toBe(isGood(text))
      if (fault) expect(fault).not.toContain(text.slice(4))
      if (isGood(text)) good++
      else bad++
    }
    expect(good).toBeGreaterThan(100)
    expect(bad).toBeGreaterThan(300)
  })
  test('opens what its key may, has no prefix, and never comes back', async () => {
    const text = textOf(40, 30)
    const made = await create(admin.actor, { key: text })
    expect(made).toMatchObject({ key: text, prefix: '', last4: text.slice(-4) })
    expect((await actorOfKey(world, text)).id).toBe(made.id)
    expect(await codeOf(actorOfKey(world, textOf(40, 30)))).toBe('INVALID_API_KEY')
    const [row] = await world.db.sql`
      select count(*)::int as found from (select to_jsonb(k)::text as text from api_keys k union all
        select to_jsonb(e)::text from events e) rows where strpos(text, ${text.slice(0, 30)}) > 0`
    expect(row?.found).toBe(0)
  })
  test('that is or was a key’s is taken, also a revoked one’s and another project’s, and is not repeated', async () => {
    const text = textOf(30, 20)
    const { id } = await create(admin.actor, { key: text })
    const taken = await create(owner.actor, { key: text }).catch((thrown) => refusalOf(thrown))
    expect(taken).toMatchObject({ code: 'KEY_TAKEN' })
    expect(JSON.stringify(taken)).not.toContain(text)
    await as(world, admin.actor).keys.revoke({ keyId: id })
    const elsewhere = await makePerson(world, await makeProject(world))
    for (const actor of [admin.actor, elsewhere.actor])
      expect(await codeOf(create(actor, { key: text }))).toBe('KEY_TAKEN')
  })
  test('that will not do names its field and is not repeated', async () => {
    for (const text of ['short', `otw_${textOf(30, 20)}`, `${textOf(30, 20)} x`, 'ab'.repeat(20)]) {
      const refusal = await create(admin.actor, { key: text }).then(
        () => undefined,
        (thrown: unknown) => refusalOf(thrown),
      )
      expect(refusal).toMatchObject({ code: 'INVALID_INPUT', issues: [{ path: 'key' }] })
      expect(`${refusal?.message} ${JSON.stringify(refusal)}`).not.toContain(text)
    }
  })
})
