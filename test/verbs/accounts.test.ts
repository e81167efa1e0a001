import { describe, expect, test } from 'vitest'
import { twinOf } from '../../server/projects/project.ts'
import { makeAccount } from '../accounts.ts'
import { as } from '../as.ts'
import { mustHoldNoSeed } from '../dump.ts'
import { makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'
import { accountsAs, makePlace, toldOf, wish } from './accounts-place.ts'

const world = await testWorld()
const { sql } = world.db
const on = accountsAs(world)

describe('an account is made', async () => {
  const { project, owner, key } = await makePlace(world)

  test('with seed 3’s own example, and its answer has neither seed nor code', async () => {
    const made = await on(owner.actor).create(wish)
    expect(made).toEqual({
      ...{ id: expect.any(String), name: 'GitHub', issuer: 'GitHub', tags: ['engineering', 'prod'] },
      ...{ algorithm: 'SHA1', digits: 6, period: 30, only_by_approval: false },
      owner: { id: owner.id, name: owner.name, email: owner.email },
      access: { role: 'manager', codes: null, expires_at: null },
      created_at: expect.any(String),
      created_by: { type: 'person', id: owner.id, name: owner.name },
      updated_at: made.created_at,
    })
    expect(await toldOf(world, made.id)).toEqual({
      names: ['account.created'],
      last: { account_id: made.id, name: 'GitHub' },
    })
    expect(await on(owner.actor).get({ accountId: made.id })).toEqual(made)
  })
  test.each([
    ['jbsw y3dp ehpk 3pxp', 'lower case and blanks'],
    ['JBSW-Y3DP-EHPK-3PXP', 'dashes'],
    ['JBSWY3DPEHPK3PXPJA======', 'padding'],
  ])('from %j (%s), and gives back bare base32', async (secret) => {
    const { id } = await on(owner.actor).create({ ...wish, secret })
    const bare = secret.replace(/[\s=-]/g, '').toUpperCase()
    expect((await on(owner.actor).export({ accountId: id })).secret).toBe(bare)
  })
  test.each([
    ['', /not be empty/],
    ['JBSWY3DPEHPK3PX0', /no 0: it may be the letter O/],
    ['JBSWY3DPEHPK3PX1', /no 1: it may be the letter I or L/],
    ['JBSWY3DPEHPK3PX8', /no 8: it may be the letter B/],
    ['JBSWY3DPEHPK3PX!', /Must be base32/],
    ['JBSWY3DPEHPK3PXЁ', /Must be base32/],
    ['JBSWY3DPEHPK3PXPA', /cut short/],
    ['JBSWY3DPEHPK3', /at least 10 bytes/],
    ['A'.repeat(208), /at most 128 bytes/],
  ])('not from the secret %j, which is refused with a sentence that does not repeat it', async (secret, sentence) => {
    const call = on(owner.actor).create({ ...wish, secret })
    const message = await call.then(String, (thrown) => String(thrown.cause?.message ?? thrown))
    expect(await faultyFields(call)).toEqual(['secret'])
    expect(message).toMatch(sentence)
    if (secret.length > 8) expect(message).not.toContain(secret)
  })
  test.each([
    ['period', { period: 0 }],
    ['period', { period: 14 }],
    ['period', { period: 121 }],
    ['period', { period: 30.5 }],
    ['digits', { digits: 9 }],
    ['digits', { digits: 5 }],
    ['algorithm', { algorithm: 'MD5' }],
    ['name', { name: ' ' }],
    ['name', { name: 'two\nlines' }],
    ['name', { name: '€'.repeat(67) }],
    ['name', { name: '\ud800' }],
    ['issuer', { issuer: 'x'.repeat(201) }],
    ['tags.0', { tags: ['a,b'] }],
    ['tags.0', { tags: [''] }],
    ['tags', { tags: Array.from({ length: 21 }, (_, n) => `t${n}`) }],
    ['type', { type: 'hotp' }],
    ['counter', { counter: 1 }],
  ])('not with %s of %j', async (field, more) => {
    expect(await faultyFields(on(owner.actor).create({ ...wish, ...(more as object) }))).toEqual([field])
  })
  test('with labels that come back to the byte: colons, emoji, marks, quotes and backslashes', async () => {
    for (const name of ['a:b:c', '👩🏽‍💻 🇫🇷', 'é e\u0301', `"'\\ {} %41 \\u0041`, 'ana@example.com']) {
      const { id } = await on(owner.actor).create({ ...wish, name, issuer: name, tags: [name] })
      expect(await on(owner.actor).get({ accountId: id })).toMatchObject({ name, issuer: name, tags: [name] })
    }
  })
  test('with each tag once, in the order they were given', async () => {
    const made = await on(owner.actor).create({ ...wish, tags: ['b', ' a ', 'b', 'B'] })
    expect(made.tags).toEqual(['b', 'a', 'B'])
  })
  test('by a key for whoever made the key while they are a member, and else for nobody', async () => {
    const bea = await makePerson(world, project, 'ADMIN')
    const made = await on({ ...(await key()), makerId: bea.id }).create(wish)
    expect(made.owner?.id).toBe(bea.id)
    expect(made.created_by.type).toBe('key')
    await sql`update memberships set disabled_at = now() where person_id = ${bea.id}`
    expect((await on({ ...(await key()), makerId: bea.id }).create(wish)).owner).toBeNull()
    expect((await on(await key()).create(wish)).owner).toBeNull()
  })
  test('not for somebody who was shown out at that moment', async () => {
    const bea = await makePerson(world, project, 'MEMBER')
    await sql`update memberships set disabled_at = now() where person_id = ${bea.id}`
    expect(await codeOf(on(bea.actor).create(wish))).toBe('INSUFFICIENT_ROLE')
  })
  test('once per Idempotency-Key, and a seed that differs is another request', async () => {
    const actor = await key()
    const repeat = (body: object) => ({ idempotency: { key: 'once', credential: 'text', body } })
    const first = await as(world, actor, repeat(wish)).accounts.create(wish)
    expect(await as(world, actor, repeat(wish)).accounts.create(wish)).toEqual(first)
    const other = { ...wish, secret: 'GEZDGNBVGY3TQOJQ' }
    expect(await codeOf(as(world, actor, repeat(other)).accounts.create(other))).toBe('IDEMPOTENCY_KEY_REUSED')
    expect((await toldOf(world, first.id)).names).toEqual(['account.created'])
  })
  test('in the twin by who works in test mode, and the live project sees nothing of it', async () => {
    const member = await makePerson(world, project, 'MEMBER')
    const inTwin = { ...member.actor, projectId: await twinOf(sql, project.id) }
    const { id } = await on(inTwin).create(wish)
    expect((await on(inTwin).get({ accountId: id })).owner?.id).toBe(member.id)
    expect(await codeOf(on(owner.actor).get({ accountId: id }))).toBe('NOT_FOUND')
    expect((await on(inTwin).list({})).items.map((one) => one.id)).toEqual([id])
  })
})

describe('the list', async () => {
  const { project, owner, person } = await makePlace(world)
  const make = (name: string, issuer = '', tags: string[] = []) =>
    makeAccount(world, project, { name, issuer, tags, owner })
  const [aws, code, aerzte] = [
    await make('root@AWS', 'Amazon', ['prod']),
    await make('100%_sure', 'Back\\slash', ['Prod', 'a']),
    await make('ÄRZTE', 'straße', ['été']),
  ]
  const found = async (input: { q?: string; tag?: string }) =>
    (await on(owner.actor).list(input)).items.map(({ id }) => id).toSorted()

  test('finds by name, issuer or tag, in any case, also beyond ASCII', async () => {
    for (const q of ['aws', 'AMAZON', 'oot@a']) expect(await found({ q })).toEqual([aws.id])
    for (const q of ['ärzte', 'STRAß', 'ÉTÉ']) expect(await found({ q })).toEqual([aerzte.id])
    expect(await found({ q: 'PROD' })).toEqual([aws.id, code.id].toSorted())
    expect(await found({ q: '' })).toHaveLength(3)
  })
  test('takes wildcards as the characters they are', async () => {
    for (const q of ['0%_S', '%', '_', '\\']) expect(await found({ q })).toEqual([code.id])
    for (const q of ['%%', '__', '.*', 'nobody', "' or true --"]) expect(await found({ q })).toEqual([])
  })
  test('finds by a whole tag as it is written', async () => {
    expect(await found({ tag: 'prod' })).toEqual([aws.id])
    expect(await found({ tag: 'Prod' })).toEqual([code.id])
    expect(await found({ tag: 'pro' })).toEqual([])
    expect(await found({ tag: 'Prod', q: 'aws' })).toEqual([])
  })
  test('goes page by page, newest first, each account once', async () => {
    const actor = await person('MEMBER')
    const made: string[] = []
    for (let n = 0; n < 5; n++) made.push((await on(actor).create({ ...wish, name: `n${n}` })).id)
    const seen: string[] = []
    let cursor: string | null | undefined
    do {
      const page = await on(actor).list({ limit: 2, ...(cursor ? { cursor } : {}) })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next_cursor
    } while (cursor)
    expect(seen).toEqual(made.toSorted().reverse())
    expect(await faultyFields(on(actor).list({ cursor: 'nonsense' }))).toEqual(['cursor'])
  })
})

describe('the board', async () => {
  const { project, owner } = await makePlace(world)
  test('has what is pinned first, then what was used last, then by name', async () => {
    const { actor } = owner
    const names = ['delta', 'Bravo', 'alpha', 'charlie']
    const ids = new Map<string, string>()
    for (const name of names) ids.set(name, (await makeAccount(world, project, { name })).id)
    const at = (name: string) => ids.get(name) ?? ''
    const order = async () => (await on(actor).board({})).items.map(({ name }) => name)
    expect(await order()).toEqual(['alpha', 'Bravo', 'charlie', 'delta'])
    await sql`insert into account_marks (person_id, account_id, used_at) values (${owner.id}, ${at('charlie')}, now())`
    await on(actor).pin({ accountId: at('delta'), pinned: true })
    expect(await order()).toEqual(['delta', 'charlie', 'alpha', 'Bravo'])
    await on(actor).pin({ accountId: at('delta'), pinned: false })
    expect(await order()).toEqual(['charlie', 'alpha', 'Bravo', 'delta'])
    const other = await makePerson(world, project, 'ADMIN')
    expect((await on(other.actor).board({})).items.every(({ pinned, used_at }) => !pinned && !used_at)).toBe(true)
    expect((await toldOf(world, at('delta'))).names).toEqual([])
  })
  test('says whether codes are covered, in test mode too, and whether there are more than 2 000', async () => {
    expect(await on(owner.actor).board({})).toMatchObject({ hidden: true, more: false })
    await sql`update projects set codes_hidden = false where id = ${project.id}`
    const inTwin = { ...owner.actor, projectId: await twinOf(sql, project.id) }
    expect(await on(inTwin).board({})).toEqual({ items: [], hidden: false, more: false })
    await sql`
      insert into accounts (id, project_id, name, seed, seed_digest, key_version, created_by)
      select lpad(n::text, 26, '0'), a.project_id, 'n', a.seed, a.seed_digest, a.key_version, a.created_by
      from generate_series(1, 2001) n, (select * from accounts where project_id = ${project.id} limit 1) a`
    const board = await on(owner.actor).board({})
    expect([board.items.length, board.more]).toEqual([2000, true])
  })
})

test('the look for seeds at the end of each file finds one that stands in a row (control)', async () => {
  const { project, owner } = await makePlace(world)
  await on(owner.actor).create(wish)
  const back = new Error('taken back')
  const planted = sql.begin(async (tx) => {
    await tx`update accounts set name = ${wish.secret.toLowerCase()} where project_id = ${project.id}`
    // A transaction's client is a client but for what opens new connections.
    await expect(mustHoldNoSeed(tx as never)).rejects.toThrow('holds the seed')
    throw back
  })
  await expect(planted).rejects.toBe(back)
})
