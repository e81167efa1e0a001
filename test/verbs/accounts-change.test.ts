import { describe, expect, test } from 'vitest'
import { record } from '../../server/events/event.ts'
import { base32Of } from '../../server/lib/totp.ts'
import { granteeOf, grantTo, makeAccount } from '../accounts.ts'
import { as, doorCtx } from '../as.ts'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'
import { accountsAs, makePlace, seed, toldOf, wish } from './accounts-place.ts'

const world = await testWorld()
const { sql } = world.db
const on = accountsAs(world)

describe('a change', async () => {
  const { project, owner, person } = await makePlace(world)
  test('touches only the fields that were sent, and tells which are other now', async () => {
    const made = await on(owner.actor).create(wish)
    const accountId = made.id
    const after = await on(owner.actor).update({ accountId, name: 'GitLab', tags: ['engineering', 'prod'], digits: 8 })
    expect(after).toEqual({ ...made, name: 'GitLab', digits: 8, updated_at: expect.any(String) })
    expect(await toldOf(world, accountId)).toEqual({
      names: ['account.created', 'account.changed'],
      last: { account_id: accountId, name: 'GitLab', fields: ['name', 'digits'] },
    })
    expect((await on(owner.actor).export({ accountId })).secret).toBe(seed)
    expect((await on(owner.actor).update({ accountId, tags: [] })).tags).toEqual([])
  })
  test('to what is so already is none', async () => {
    const made = await on(owner.actor).create(wish)
    const again = { accountId: made.id, ...wish, secret: seed.toLowerCase(), owner: owner.email.toUpperCase() }
    expect(await on(owner.actor).update(again)).toEqual(made)
    expect(await on(owner.actor).update({ accountId: made.id })).toEqual(made)
    expect((await toldOf(world, made.id)).names).toEqual(['account.created'])
  })
  test('of the secret replaces it, with its digest, and the event says no more than that', async () => {
    const { id: accountId } = await on(owner.actor).create(wish)
    const row = async () => (await sql`select seed, seed_digest from accounts where id = ${accountId}`)[0]
    const before = await row()
    await on(owner.actor).update({ accountId, secret: 'GEZDGNBVGY3TQOJQ' })
    expect((await on(owner.actor).export({ accountId })).secret).toBe('GEZDGNBVGY3TQOJQ')
    expect(await row()).not.toEqual(before)
    const told =
      await sql`select payload from events where target = ${`account:${accountId}`} and name = 'account.changed'`
    expect(told.map(({ payload }) => payload.fields)).toEqual([['secret']])
  })
  test.each([
    ['secret', { secret: 'JBSWY3DPEHPK3PX0' }],
    ['period', { period: 0 }],
    ['digits', { digits: 9 }],
    ['owner', { owner: 'nobody' }],
    ['name', { name: '' }],
    ['key_version', { key_version: 1 }],
    ['seed', { seed: 'x' }],
  ])('with a bad %s is refused by name and changes nothing', async (field, more) => {
    const made = await on(owner.actor).create(wish)
    const bad = { accountId: made.id, issuer: 'other', ...more }
    expect(await faultyFields(on(owner.actor).update(bad))).toEqual([field])
    expect(await on(owner.actor).get({ accountId: made.id })).toEqual(made)
  })
  test('of the period keeps codes by count at one for each time step, and gives the next ones still', async () => {
    const made = await makeAccount(world, project, { owner, period: 30 })
    const actor = await person('MEMBER')
    await grantTo(world, made, { ...granteeOf(actor), codes: 5 })
    const ask = async () => (await on(actor).codes({ ids: made.id })).items[0]
    expect(await ask()).toHaveProperty('code')
    await on(owner.actor).update({ accountId: made.id, period: 120 })
    const [grant] = await sql`select last_step from account_grants where account_id = ${made.id}`
    const step = Math.floor(world.clock.now().getTime() / 120_000)
    expect(Math.abs(Number(grant?.last_step) - step)).toBeLessThanOrEqual(1)
    expect(Number(grant?.last_step)).toBeLessThanOrEqual(step)
  })
})

describe('handing on', async () => {
  const { project, owner, person } = await makePlace(world)
  const [giver, taker] = [await makePerson(world, project, 'MEMBER'), await makePerson(world, project, 'MEMBER')]

  test('makes it the other one’s at once; whoever gave it away sees it once more and then no longer', async () => {
    const { id: accountId } = await on(giver.actor).create(wish)
    const after = await on(giver.actor).update({ accountId, owner: taker.email, name: 'Handed' })
    expect(after).toMatchObject({ name: 'Handed', owner: { id: taker.id, email: taker.email } })
    expect(after.access.expires_at).toBe(after.updated_at)
    expect(await codeOf(on(giver.actor).get({ accountId }))).toBe('NOT_FOUND')
    expect(await codeOf(on(taker.actor).delete({ accountId }))).toBe('done')
    expect((await toldOf(world, accountId)).names).toEqual([
      ...['account.created', 'account.changed', 'account.transferred', 'account.deleted'],
    ])
    const [told] = await sql`select payload from events where name = 'account.transferred' order by seq desc limit 1`
    expect(told?.payload).toEqual({ account_id: accountId, name: 'GitHub', from: giver.email, to: taker.email })
  })
  test('goes to active members only, MEMBER or more, and a refusal changes nothing', async () => {
    const { id: accountId } = await on(giver.actor).create(wish)
    const gone = await makePerson(world, project, 'ADMIN')
    await sql`update memberships set disabled_at = now() where person_id = ${gone.id}`
    const stranger = await makePerson(world, await makeProject(world), 'OWNER')
    for (const email of [gone.email, stranger.email, (await person('VIEWER')).email, 'nobody@example.com']) {
      const call = on(giver.actor).update({ accountId, owner: email, name: 'other' })
      expect(await codeOf(call)).toBe('NOT_FOUND')
      expect(await faultyFields(call)).toEqual(['owner'])
    }
    expect(await on(giver.actor).get({ accountId })).toMatchObject({ name: 'GitHub', owner: { id: giver.id } })
    expect(await codeOf(on(giver.actor).update({ accountId, owner: owner.email.toUpperCase() }))).toBe('done')
  })
  describe('by ten at once', () => {
    type Told = { payload: { from: string; to: string } }

    /** Whether every hand-over was told of once, each from whom the one before it gave it to. */
    async function isOneChain(give: (accountId: string, to: { id: string; email: string }) => Promise<unknown>) {
      const { id: accountId } = await on(owner.actor).create(wish)
      const members = await Promise.all(Array.from({ length: 10 }, () => makePerson(world, project, 'MEMBER')))
      await Promise.all(members.map((member) => give(accountId, member)))
      const rows = await sql<Told[]>`
        select payload from events where target = ${`account:${accountId}`} and name = 'account.transferred' order by seq`
      const chain = [owner.email, ...rows.map(({ payload }) => payload.to)]
      expect(rows).toHaveLength(10)
      return rows.every(({ payload }, at) => payload.from === chain[at])
    }
    test('is one after the other, and each is told of as it was', async () => {
      expect(await isOneChain((accountId, { email }) => on(owner.actor).update({ accountId, owner: email }))).toBe(true)
    })
    test('is told of wrongly by whoever reads first and does not hold the account (control)', async () => {
      let [reading, go] = [10, () => {}]
      const allRead = new Promise<void>((done) => {
        go = done
      })
      const naive = async (id: string, to: { id: string; email: string }) => {
        const { owner: before } = await on(owner.actor).get({ accountId: id })
        // Everybody reads before anybody writes.
        if (--reading === 0) go()
        await allRead
        await sql`update accounts set owner_id = ${to.id} where id = ${id}`
        await record(
          sql,
          { ...doorCtx(world, owner.actor), actor: owner.actor },
          {
            ...{ name: 'account.transferred', projectId: project.id, target: `account:${id}` },
            payload: { account_id: id, name: 'GitHub', from: before?.email ?? null, to: to.email },
          },
        )
      }
      expect(await isOneChain(naive)).toBe(false)
    })
  })
})

describe('a seed leaves', async () => {
  const { project, owner } = await makePlace(world)
  test('by export, as base32 and as an address that apps read, and each time is on record', async () => {
    const { id } = await on(owner.actor).create({ ...wish, name: 'ana:1 ü', issuer: 'Git Hub', digits: 8, period: 60 })
    const left = await on(owner.actor).export({ accountId: id })
    expect(left.secret).toBe(seed)
    const uri = new URL(left.otpauth_uri)
    expect(decodeURIComponent(uri.pathname)).toContain('Git Hub:ana:1 ü')
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      ...{ secret: seed, issuer: 'Git Hub', algorithm: 'SHA1', digits: '8', period: '60' },
    })
    expect(left.otpauth_uri).not.toMatch(/[ +ü]/)
    expect(await toldOf(world, id)).toEqual({
      names: ['account.created', 'account.exported'],
      last: { account_ids: [id] },
    })
  })
  test('with all of one’s own at once, in one audit row; not those one only administers', async () => {
    const mine = await makePerson(world, project, 'ADMIN')
    expect(await on(mine.actor).exportOwn({})).toEqual({ otpauth_uris: [] })
    const own = [
      await makeAccount(world, project, { name: 'a', owner: mine, seed: Buffer.alloc(20, 1) }),
      await makeAccount(world, project, { name: 'b', owner: mine, seed: Buffer.alloc(20, 2) }),
    ]
    const { otpauth_uris } = await on(mine.actor).exportOwn({})
    expect(otpauth_uris.map((uri) => new URL(uri).searchParams.get('secret'))).toEqual(
      own.map((one) => base32Of(one.seed)),
    )
    const told = await sql`
      select target, payload from events where name = 'account.exported' and actor ->> 'id' = ${mine.id}`
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({
      target: `project:${project.id}`,
      payload: { account_ids: own.map(({ id }) => id) },
    })
  })
  test('not at all when its key is not here, and then nothing says that it did', async () => {
    const made = await makeAccount(world, project, { owner })
    const closed = { ...world, vault: { ...world.vault, keyOf: async () => world.vault.keyOf(99_999) } }
    expect(await codeOf(as(closed, owner.actor).accounts.export({ accountId: made.id }))).toBe('KEY_MISSING')
    expect((await toldOf(world, made.id)).names).toEqual([])
  })
})
