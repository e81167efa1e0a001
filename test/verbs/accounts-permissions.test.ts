import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { KeyActor, PersonActor } from '../../server/context.ts'
import type { World } from '../../server/world.ts'
import { roles } from '../../shared/roles.ts'
import { type AccountWish, granteeOf, grantTo, makeAccount } from '../accounts.ts'
import { as } from '../as.ts'
import { heardAll } from '../heard.ts'
import { makeKeyOf, ticketOf, toldOf } from '../invited.ts'
import { makeKey, makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { actorIn, makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld, worldAt } from '../serve.ts'

const world = await testWorld()
const other = await worldAt(world.address)
const { sql } = world.db
const owner = ownerOf(world)
const project = await makeProject(world)
const elsewhere = await makeProject(world)
const olga = await makePerson(world, project, 'OWNER', { name: 'Olga Owner' })
const ana = await makePerson(world, project, 'MEMBER', { name: 'Ana Silva' })
const bea = await makePerson(world, project, 'MEMBER', { name: 'Bea Braun' })
const robotScopes = ['accounts:codes', 'accounts:read', 'accounts:write'] as const

type Actor = KeyActor | PersonActor
type Wish = Omit<Parameters<ReturnType<typeof as>['accounts']['permit']>[0], 'accountId' | 'action'>

const account = (wish: AccountWish = {}) => makeAccount(world, project, { owner: ana, ...wish })
const grant = (who: { actor: Actor }, { id }: { id: string }, wish: Wish, at: World = world) =>
  as(at, who.actor).accounts.permit({ accountId: id, action: 'grant', ...wish })
const revoke = (who: { actor: Actor }, { id }: { id: string }, wish: Wish) =>
  as(world, who.actor).accounts.permit({ accountId: id, action: 'revoke', ...wish })
const granted = async (who: { actor: Actor }, { id }: { id: string }) =>
  (await as(world, who.actor).accounts.permissions({ accountId: id })).items
const robot = (more: Parameters<typeof makeKey>[3] = {}) =>
  makeKey(world, project, 'read', { scopes: [...robotScopes], accountTags: [], ...more })
/** Whether somebody gets a code of an account now. */
const sees = async ({ actor }: { actor: Actor }, { id }: { id: string }, at: World = world) => {
  const { items } = await as(at, actor).accounts.codes({ ids: id })
  return items[0]?.code !== undefined
}
const later = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
const invited = (email: string, role: 'MEMBER' | 'VIEWER' = 'MEMBER') =>
  as(world, olga.actor).users.invite({ email, role })
let count = 0
const address = () => `invited${++count}@example.com`
/** Somebody of another project, who accepts invitations into this one with the account that they have. */
const stranger = (email = address()) => makePerson(world, elsewhere, 'MEMBER', { email })
const accept = async (who: Awaited<ReturnType<typeof stranger>>, invitation: { url?: string | undefined }) => {
  await as(world, who.actor).invitations.accept({ token: ticketOf(invitation) })
  await heardAll(world)
  return { ...who, actor: await actorIn(world, who.value, project) }
}

describe('granting to a person', () => {
  test('gives the code and no more, is listed with who gave it, and is told', async () => {
    const shared = await account()
    expect(await sees(bea, shared)).toBe(false)
    const made = await grant(ana, shared, { email: bea.email.toUpperCase() })
    expect(made).toMatchObject({
      ...{ email: bea.email, key: null, name: 'Bea Braun', role: 'viewer', status: 'active' },
      ...{ codes: null, expires_at: null, granted_by: { type: 'person', id: ana.id, name: 'Ana Silva' } },
    })
    expect(await sees(bea, shared)).toBe(true)
    expect(await granted(ana, shared)).toEqual([made])
    const [told] =
      await sql`select target, payload from events where name = 'account.granted' and target = ${`account:${shared.id}`}`
    expect(told?.payload).toEqual({
      ...{ account_id: shared.id, name: 'GitHub', to: bea.email, role: 'viewer', codes: null, expires_at: null },
    })
  })
  test('again replaces role, end and count, and keeps the last time step that a code was given for', async () => {
    const shared = await account()
    const first = await grant(ana, shared, { email: bea.email, codes: 3, minutes: 30 })
    expect(await sees(bea, shared)).toBe(true)
    const [used] = await sql`select codes_used, last_step from account_grants where id = ${first.id}`
    expect(used).toMatchObject({ codes_used: 1 })
    expect(Number(used?.last_step)).toBeGreaterThan(0)
    const again = await grant(ana, shared, { email: bea.email, codes: 5, expires_at: later(60) })
    expect(again).toMatchObject({ id: first.id, codes: { max: 5, left: 5 } })
    const [kept] = await sql`select codes_used, last_step from account_grants where id = ${first.id}`
    expect(kept).toEqual({ codes_used: 0, last_step: used?.last_step })
    const manager = await grant(ana, shared, { email: bea.email, role: 'manager' })
    expect(manager).toMatchObject({ id: first.id, role: 'manager', codes: null, expires_at: null })
    expect(await granted(ana, shared)).toEqual([manager])
  })
  test('of whom the project does not know is not found, and neither is who was shown out or whose invitation is over', async () => {
    const shared = await account()
    const gone = await makePerson(world, project, 'MEMBER')
    await as(world, olga.actor).users.disable({ userId: gone.id })
    const late = address()
    const { id } = await invited(late)
    await sql`update invitations set expires_at = now() where id = ${id}`
    for (const email of ['nobody@example.com', gone.email, late, (await stranger()).email]) {
      expect(await codeOf(grant(ana, shared, { email })), email).toBe('NOT_FOUND')
      expect(await faultyFields(grant(ana, shared, { email }))).toEqual(['email'])
    }
    expect(await granted(ana, shared)).toEqual([])
  })
  test('who is invited works once they have joined, and not before', async () => {
    const shared = await account()
    const cleo = await stranger()
    const invitation = await invited(cleo.email)
    expect(await grant(ana, shared, { email: cleo.email })).toMatchObject({ status: 'invited', name: null })
    expect(await sees(cleo, shared)).toBe(false)
    const joined = await accept(cleo, invitation)
    expect(await sees(joined, shared)).toBe(true)
    expect(await granted(ana, shared)).toMatchObject([{ status: 'active', name: 'Ana Silva' }])
  })
  test('refuses what does not go together, by its field', async () => {
    const shared = await account()
    const key_id = (await robot()).id
    const email = bea.email
    const faults: [Wish, string][] = [
      [{}, 'email'],
      [{ email, key_id }, 'email'],
      [{ email, codes: 3 }, 'codes'],
      [{ email, minutes: 5, expires_at: later(5) }, 'expires_at'],
      [{ email, expires_at: later(-1) }, 'expires_at'],
      [{ email, codes: 3, minutes: 5, role: 'manager' }, 'role'],
      [{ email, codes: 0, minutes: 5 }, 'codes'],
      [{ email, codes: 101, minutes: 5 }, 'codes'],
      [{ email, minutes: 0 }, 'minutes'],
      [{ email: 'ana' }, 'email'],
    ]
    for (const [wish, field] of faults)
      expect(await faultyFields(grant(ana, shared, wish)), JSON.stringify(wish)).toEqual([field])
    expect(await granted(ana, shared)).toEqual([])
    expect(await codeOf(grant(ana, shared, { email, minutes: 5 }))).toBe('done')
  })
  test('a viewer of the project manages nothing, by a new grant or by one from better days', async () => {
    const shared = await account()
    const viewer = await makePerson(world, project, 'VIEWER')
    expect(await codeOf(grant(ana, shared, { email: viewer.email, role: 'manager' }))).toBe('INSUFFICIENT_ROLE')
    const email = address()
    await invited(email, 'VIEWER')
    expect(await codeOf(grant(ana, shared, { email, role: 'manager' }))).toBe('INSUFFICIENT_ROLE')
    const was = await makePerson(world, project, 'MEMBER')
    await grant(ana, shared, { email: was.email, role: 'manager' })
    expect(await granted(was, shared)).toHaveLength(1)
    await as(world, olga.actor).users.setRole({ userId: was.id, role: 'VIEWER' })
    await heardAll(world)
    const now = { actor: await actorIn(world, was.value, project) }
    expect(await sees(now, shared)).toBe(true)
    expect((await as(world, now.actor).accounts.get({ accountId: shared.id })).access.role).toBe('viewer')
    expect(await codeOf(granted(now, shared))).toBe('NOT_YOUR_ACCOUNT')
    expect(await codeOf(grant(now, shared, { email: bea.email }))).toBe('INSUFFICIENT_ROLE')
  })
})

describe('who may grant', () => {
  test('its owner, admins, keys and managers; viewers of it are refused, and others find nothing', async () => {
    const shared = await account()
    const people = Object.fromEntries(
      await Promise.all(roles.map(async (role) => [role, await makePerson(world, project, role)] as const)),
    )
    const manager = await makePerson(world, project, 'MEMBER')
    const viewer = await makePerson(world, project, 'MEMBER')
    const counted = await makePerson(world, project, 'MEMBER')
    await grantTo(world, shared, { ...granteeOf(manager.actor), role: 'manager' })
    await grantTo(world, shared, granteeOf(viewer.actor))
    await grantTo(world, shared, { ...granteeOf(counted.actor), codes: 3 })
    const cases: [string, { actor: Actor } | undefined, string, string][] = [
      ['its owner', ana, 'done', 'done'],
      ['an OWNER', people.OWNER, 'done', 'done'],
      ['an ADMIN', people.ADMIN, 'done', 'done'],
      ['a MEMBER', people.MEMBER, 'NOT_FOUND', 'NOT_FOUND'],
      ['a VIEWER', people.VIEWER, 'INSUFFICIENT_ROLE', 'NOT_FOUND'],
      ['a manager', manager, 'done', 'done'],
      ['a viewer', viewer, 'NOT_YOUR_ACCOUNT', 'NOT_YOUR_ACCOUNT'],
      ['a viewer by count', counted, 'NOT_YOUR_ACCOUNT', 'NOT_YOUR_ACCOUNT'],
      ['a key', await robot({ accountTags: null }), 'done', 'done'],
      ['a key of other tags', await robot({ accountTags: ['x'] }), 'NOT_FOUND', 'NOT_FOUND'],
    ]
    for (const [who, asker, granting, reading] of cases) {
      if (!asker) throw new Error(who)
      expect(await codeOf(grant(asker, shared, { email: bea.email })), who).toBe(granting)
      expect(await codeOf(granted(asker, shared)), who).toBe(reading)
      await grant(ana, shared, { email: bea.email })
      expect(await codeOf(revoke(asker, shared, { email: bea.email })), who).toBe(granting)
    }
  })
  test('a member without a right sees nothing of it: no list, no details, no code', async () => {
    const shared = await account({ name: 'Hidden' })
    const { accounts } = as(world, bea.actor)
    expect((await accounts.list({ q: 'Hidden' })).items).toEqual([])
    expect(await codeOf(accounts.get({ accountId: shared.id }))).toBe('NOT_FOUND')
    expect((await accounts.codes({ ids: shared.id })).items).toMatchObject([{ error_code: 'NOT_FOUND' }])
    await grant(ana, shared, { email: bea.email })
    expect((await accounts.list({ q: 'Hidden' })).items).toHaveLength(1)
  })
  test('whose own access ends gives none that ends later, nor any without an end', async () => {
    const shared = await account()
    const cleo = await makePerson(world, project, 'MEMBER')
    await grant(ana, shared, { email: bea.email, role: 'manager', expires_at: later(60) })
    for (const wish of [{}, { minutes: 61 }, { expires_at: later(62) }])
      expect(await faultyFields(grant(bea, shared, { email: cleo.email, ...wish }))).toEqual(['expires_at'])
    expect(await faultyFields(grant(bea, shared, { email: bea.email, role: 'manager' }))).toEqual(['expires_at'])
    expect(await granted(ana, shared)).toHaveLength(1)
    for (const wish of [{ minutes: 58 }, { expires_at: later(59) }])
      expect(await codeOf(grant(bea, shared, { email: cleo.email, ...wish }))).toBe('done')
    // One who is also an admin is not bound by what they were granted besides.
    await grant(ana, shared, { email: olga.email, role: 'manager', minutes: 5 })
    expect(await codeOf(grant(olga, shared, { email: cleo.email }))).toBe('done')
  })
  test('nobody of another project, and no test key for a live account', async () => {
    const shared = await account()
    const foreign = await makePerson(world, elsewhere, 'OWNER')
    const foreignKey = await makeKey(world, elsewhere, 'admin')
    const tried = await robot({ env: 'test', accountTags: null })
    for (const asker of [foreign, foreignKey, tried]) {
      expect(await codeOf(grant(asker, shared, { email: bea.email }))).toBe('NOT_FOUND')
      expect(await codeOf(granted(asker, shared))).toBe('NOT_FOUND')
      expect(await codeOf(grant(ana, shared, { key_id: 'id' in asker ? asker.id : '' }))).not.toBe('done')
    }
    const theirs = await makeAccount(world, elsewhere)
    const both = await makePerson(world, elsewhere, 'MEMBER')
    await sql`insert into memberships (project_id, person_id, role) values (${project.id}, ${both.id}, 'MEMBER')`
    await grant(foreign, theirs, { email: both.email })
    await heardAll(world)
    const here = { actor: await actorIn(world, both.value, project) }
    expect(await sees(both, theirs)).toBe(true)
    expect(await sees(here, theirs)).toBe(false)
  })
})

describe('granting to a key', () => {
  test('works for it and for its successors; its end, not its rotation, makes the grant moot', async () => {
    const shared = await account()
    const first = await robot({ name: 'first' })
    expect(await sees(first, shared)).toBe(false)
    const made = await grant(ana, shared, { key_id: first.id })
    expect(made).toMatchObject({ email: null, key: { id: first.id, name: 'first' }, name: 'first', status: 'active' })
    expect(await sees(first, shared)).toBe(true)
    const second = await as(world, olga.actor).keys.rotate({ keyId: first.id, grace_seconds: 0 })
    const successor = { actor: { ...first.actor, id: second.id } }
    expect(await sees(successor, shared)).toBe(true)
    expect(await granted(ana, shared)).toMatchObject([{ key: { id: second.id, name: 'first' }, status: 'active' }])
    await as(world, olga.actor).keys.revoke({ keyId: second.id })
    expect(await granted(ana, shared)).toMatchObject([{ key: { id: second.id }, status: 'expired' }])
    for (const key_id of [first.id, second.id])
      expect(await faultyFields(grant(ana, shared, { key_id }))).toEqual(['key_id'])
    expect(await revoke(ana, shared, { key_id: first.id })).toMatchObject({ id: made.id, status: 'revoked' })
    expect(await granted(ana, shared)).toEqual([])
  })
  test('a test key grants test accounts, to members and keys of the twin', async () => {
    const key = await robot({ env: 'test', accountTags: null })
    const second = await robot({ env: 'test' })
    const tried = await makeAccount(world, { id: key.actor.projectId })
    expect(await grant(key, tried, { email: bea.email })).toMatchObject({ status: 'active', name: 'Bea Braun' })
    expect(await grant(key, tried, { key_id: second.id })).toMatchObject({ status: 'active' })
    expect(await sees(second, tried)).toBe(true)
    expect(await codeOf(grant(key, tried, { key_id: (await robot()).id }))).toBe('NOT_FOUND')
  })
})

describe('revoking', () => {
  test('ends it at once on another node, answers what it was, and is told; twice is not found', async () => {
    const shared = await account()
    await grant(ana, shared, { email: bea.email, codes: 3, minutes: 30 })
    await grant(ana, shared, { email: olga.email })
    expect(await sees(bea, shared, other)).toBe(true)
    expect(await revoke(ana, shared, { email: bea.email })).toMatchObject({
      ...{ email: bea.email, status: 'revoked', codes: { max: 3, left: 2 } },
    })
    expect(await sees(bea, shared, other)).toBe(false)
    expect(await codeOf(revoke(ana, shared, { email: bea.email }))).toBe('NOT_FOUND')
    expect((await granted(ana, shared)).map((one) => one.email)).toEqual([olga.email])
    const told =
      await sql`select payload from events where name = 'account.revoked' and target = ${`account:${shared.id}`}`
    expect(told.map((one) => one.payload)).toEqual([{ account_id: shared.id, name: 'GitHub', to: bea.email }])
  })
  test('of who was never granted anything is not found, an owner’s access included', async () => {
    const shared = await account()
    for (const wish of [{ email: ana.email }, { email: 'nobody@example.com' }, { key_id: (await robot()).id }])
      expect(await codeOf(revoke(ana, shared, wish))).toBe('NOT_FOUND')
    expect(await faultyFields(revoke(ana, shared, {}))).toEqual(['email'])
  })
})

describe('the list', () => {
  test('has the newest grant first, page by page, a grant that was given anew above', async () => {
    const shared = await account()
    const keys = await Promise.all(Array.from({ length: 5 }, () => robot()))
    for (const { id } of keys) await grant(ana, shared, { key_id: id })
    const [first] = keys
    await grant(ana, shared, { key_id: first?.id })
    const read: (string | undefined)[] = []
    let cursor: string | undefined
    do {
      const page = await as(world, ana.actor).accounts.permissions({ accountId: shared.id, limit: 2, cursor })
      read.push(...page.items.map((one) => one.key?.id))
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    expect(read).toEqual([first, ...keys.slice(1).toReversed()].map((one) => one?.id))
    const faulty = as(world, ana.actor).accounts.permissions({ accountId: shared.id, cursor: 'eA' })
    expect(await faultyFields(faulty)).toEqual(['cursor'])
  })
  test('says what has ended by itself, by the clock of the database', async () => {
    const shared = await account()
    const { id } = await grant(ana, shared, { email: bea.email, minutes: 5 })
    expect(await sees(bea, shared)).toBe(true)
    await sql`update account_grants set expires_at = now() where id = ${id}`
    expect(await sees(bea, shared)).toBe(false)
    expect(await granted(ana, shared)).toMatchObject([{ status: 'expired' }])
    await grant(ana, shared, { email: bea.email, codes: 1, minutes: 5 })
    expect(await sees(bea, shared)).toBe(true)
    expect(await granted(ana, shared)).toMatchObject([{ status: 'used', codes: { max: 1, left: 0 } }])
    const email = address()
    const invitation = await invited(email)
    await grant(ana, shared, { email })
    await sql`update invitations set expires_at = now() where id = ${invitation.id}`
    expect((await granted(ana, shared))[0]).toMatchObject({ email, status: 'expired' })
  })
})

describe('leaving the project', () => {
  const leaver = () => makePerson(world, project, 'MEMBER')
  const disable = ({ id }: { id: string }) => as(world, olga.actor).users.disable({ userId: id })
  const ended = (email: string, on = project) =>
    toldOf(world, on, 'account.access_ended').then((all) => all.filter((one) => JSON.stringify(one).includes(email)))

  test('ends grants and ownership at once, here and in the twin, and tells of each of the two', async () => {
    const cleo = await leaver()
    const tester = await robot({ env: 'test', accountTags: null })
    const twin = { id: tester.actor.projectId }
    const own = await account({ owner: cleo })
    const shared = await account()
    const tried = await makeAccount(world, twin, { owner: cleo })
    const kept = await makeAccount(world, elsewhere, { owner: cleo })
    for (const one of [own, shared, kept]) await grantTo(world, one, granteeOf(cleo.actor))
    await grantTo(world, tried, granteeOf(bea.actor))
    await disable(cleo)
    const left = await sql`select account_id, email from account_grants where email in ${sql([cleo.email, bea.email])}
      and account_id in ${sql([own.id, shared.id, tried.id, kept.id])} order by email = ${cleo.email}`
    expect(left).toEqual([
      { account_id: tried.id, email: bea.email },
      { account_id: kept.id, email: cleo.email },
    ])
    const owners = await sql`select id from accounts where owner_id = ${cleo.id}`
    expect(owners.map((one) => one.id)).toEqual([kept.id])
    expect(await ended(cleo.email)).toEqual([{ account_ids: [own.id, shared.id].sort(), to: cleo.email }])
    expect(await ended(cleo.email, { id: twin.id, name: '' })).toEqual([{ account_ids: [tried.id], to: cleo.email }])
    expect(await sees(olga, own)).toBe(true)
  })
  test('tells nothing of who had nothing, and leaves what keys were granted', async () => {
    const cleo = await leaver()
    const shared = await account()
    const key = await robot()
    await grant(ana, shared, { key_id: key.id })
    await as(world, cleo.actor).users.leave({})
    expect(await ended(cleo.email)).toEqual([])
    expect(await sees(key, shared)).toBe(true)
  })
  test('by oneself ends as much, and who comes back has nothing of what they had', async () => {
    const cleo = await stranger()
    const joined = await accept(cleo, await invited(cleo.email))
    const own = await account({ owner: cleo })
    const shared = await account()
    await grant(ana, shared, { email: cleo.email, role: 'manager' })
    expect([await sees(joined, own), await sees(joined, shared)]).toEqual([true, true])
    await as(world, joined.actor).users.leave({})
    const back = await accept(cleo, await invited(cleo.email))
    expect([await sees(back, own), await sees(back, shared)]).toEqual([false, false])
    expect(await codeOf(granted(back, shared))).toBe('NOT_FOUND')
  })
  test('a revoked invitation takes along what its address was granted, one that is made anew does not', async () => {
    const shared = await account()
    const email = address()
    await invited(email)
    await grant(ana, shared, { email })
    const { id } = await invited(email)
    expect(await granted(ana, shared)).toMatchObject([{ email, status: 'invited' }])
    await as(world, olga.actor).users.uninvite({ invitationId: id })
    expect(await granted(ana, shared)).toEqual([])
    expect(await ended(email)).toEqual([{ account_ids: [shared.id], to: email }])
    const dan = await stranger(email)
    expect(await sees(await accept(dan, await invited(email)), shared)).toBe(false)
  })
  test('so does one that goes with the admin who made it; a member whose spare invitation is revoked keeps all', async () => {
    const shared = await account()
    const admin = await makePerson(world, project, 'ADMIN')
    const email = address()
    await as(world, admin.actor).users.invite({ email, role: 'MEMBER' })
    await grant(ana, shared, { email })
    await disable(admin)
    expect(await granted(ana, shared)).toEqual([])
    const cleo = await stranger()
    const spare = await invited(cleo.email)
    await sql`insert into memberships (project_id, person_id, role) values (${project.id}, ${cleo.id}, 'MEMBER')`
    await grant(ana, shared, { email: cleo.email })
    await as(world, olga.actor).users.uninvite({ invitationId: spare.id })
    expect(await granted(ana, shared)).toMatchObject([{ email: cleo.email, status: 'active' }])
  })
  test('the keys of who leaves end, and what these were granted is moot', async () => {
    const shared = await account()
    const admin = await makePerson(world, project, 'ADMIN')
    const key = await makeKeyOf(world, project, admin)
    await grant(ana, shared, { key_id: key.id })
    await disable(admin)
    expect(await granted(ana, shared)).toMatchObject([{ key: { id: key.id }, status: 'expired' }])
  })
})

describe('at once', () => {
  test('twenty grants to one person make one, and a grant never outlives its account', async () => {
    const shared = await account()
    const all = Array.from({ length: 20 }, (_, n) =>
      grant(ana, shared, { email: bea.email, minutes: n + 1 }, n % 2 ? world : other),
    )
    expect(await Promise.all(all.map((one) => codeOf(one)))).toEqual(Array(20).fill('done'))
    expect(await granted(ana, shared)).toHaveLength(1)
    for (let round = 0; round < 10; round++) {
      const brief = await account()
      const [granting] = await Promise.all([
        codeOf(grant(ana, brief, { email: bea.email }, other)),
        as(world, ana.actor).accounts.delete({ accountId: brief.id }),
      ])
      expect(['done', 'NOT_FOUND']).toContain(granting)
      expect(await sql`select 1 from account_grants where account_id = ${brief.id}`).toHaveLength(0)
    }
  })

  /** Whether a grant that has to wait for its account outlives its grantee, who is shown out meanwhile. */
  async function keeps(granting: (shared: { id: string; projectId: string }, email: string) => Promise<unknown>) {
    const [shared, cleo] = [await account(), await makePerson(world, project, 'MEMBER')]
    const under: Promise<unknown>[] = []
    const isHeldUp = async () =>
      (await owner`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
        .length > 0
    await sql.begin(async (tx) => {
      await tx`select 1 from accounts where id = ${shared.id} for update`
      under.push(granting(shared, cleo.email))
      await expect.poll(isHeldUp).toBe(true)
      const leaving = as(world, olga.actor).users.disable({ userId: cleo.id })
      under.push(leaving)
      // Long enough for who does not wait for the grant to be done.
      await Promise.race([leaving, sleep(500)])
    })
    await Promise.all(under)
    return (await sql`select 1 from account_grants where email = ${cleo.email}`).length > 0
  }
  test('nobody keeps a grant that was given while they were shown out', async () => {
    expect(await keeps((shared, email) => grant(ana, shared, { email }, other))).toBe(false)
    // Control: one that looks for the member without holding them stores what nobody ends.
    const naive = keeps(async (shared, email) => {
      const [member] = await other.db.sql`
        select 1 from memberships m join people p on p.id = m.person_id
        where p.email = ${email} and m.project_id = ${project.id} and m.disabled_at is null`
      await other.db.sql`select 1 from accounts where id = ${shared.id} for no key update`
      if (member) await grantTo(other, shared, { email })
    })
    expect(await naive).toBe(true)
  })
})
