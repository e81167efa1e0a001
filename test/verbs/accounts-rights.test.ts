import { describe, expect, test } from 'vitest'
import type { KeyActor, PersonActor } from '../../server/context.ts'
import { granteeOf, grantTo, makeAccount } from '../accounts.ts'
import { makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'
import { accountsAs, makePlace, wish } from './accounts-place.ts'

const world = await testWorld()
const { sql } = world.db
const on = accountsAs(world)

describe('who may what', async () => {
  const { project, person, key } = await makePlace(world)
  const holder = await makePerson(world, project, 'MEMBER')
  const target = await makePerson(world, project, 'MEMBER')
  const viewing = await makePerson(world, project, 'VIEWER')
  const managing = await makePerson(world, project, 'MEMBER')
  const keyGranted = await key([])

  /** An account of a member, with a viewer and two managers by grant. */
  const account = async () => {
    const made = await makeAccount(world, project, { tags: ['prod'], owner: holder })
    await grantTo(world, made, granteeOf(viewing.actor))
    for (const actor of [managing.actor, keyGranted])
      await grantTo(world, made, { ...granteeOf(actor), role: 'manager' })
    return made
  }
  const tries = {
    get: (actor, accountId) => on(actor).get({ accountId }),
    pin: (actor, accountId) => on(actor).pin({ accountId, pinned: true }),
    update: (actor, accountId) => on(actor).update({ accountId, name: 'other' }),
    transfer: (actor, accountId) => on(actor).update({ accountId, owner: target.email }),
    export: (actor, accountId) => on(actor).export({ accountId }),
    delete: (actor, accountId) => on(actor).delete({ accountId }),
  } satisfies Record<string, (actor: KeyActor | PersonActor, accountId: string) => Promise<unknown>>

  const [no, role, notYours, done] = ['NOT_FOUND', 'INSUFFICIENT_ROLE', 'NOT_YOUR_ACCOUNT', 'done']
  /** In the order of `tries`. */
  const matrix: [string, () => Promise<KeyActor | PersonActor>, string[]][] = [
    ['a VIEWER without a grant', () => person('VIEWER'), [no, no, role, role, role, role]],
    ['a VIEWER with one', async () => viewing.actor, [done, done, role, role, role, role]],
    ['a MEMBER without a grant', () => person('MEMBER'), [no, no, no, no, role, no]],
    ['a manager by grant', async () => managing.actor, [done, done, done, notYours, role, notYours]],
    ['its owner', async () => holder.actor, [done, done, done, done, role, done]],
    ['an ADMIN', () => person('ADMIN'), [done, done, done, done, done, done]],
    ['an OWNER of the project', () => person('OWNER'), [done, done, done, done, done, done]],
    ['an OWNER of another project', async () => (await makePlace(world)).owner.actor, [no, no, no, no, no, no]],
    ['a key of all tags', () => key(), [done, 'SIGNED_OUT', done, done, done, done]],
    ['a key of its tag', () => key(['prod']), [done, 'SIGNED_OUT', done, done, done, done]],
    ['a key of other tags', () => key(['Prod', 'dev']), [no, 'SIGNED_OUT', no, no, no, no]],
    ['a key of no tags', () => key([]), [no, 'SIGNED_OUT', no, no, no, no]],
    ['a key that manages by grant', async () => keyGranted, [done, 'SIGNED_OUT', done, notYours, notYours, notYours]],
  ]
  test.each(matrix)('%s', async (_, who, expected) => {
    const actor = await who()
    const got: string[] = []
    for (const attempt of Object.values(tries)) got.push(await codeOf(attempt(actor, (await account()).id)))
    expect(got).toEqual(expected)
  })
  test('list and board show exactly what may be used', async () => {
    const { id } = await account()
    const own = await makeAccount(world, project, { owner: viewing })
    const shown = async (actor: KeyActor | PersonActor) =>
      (await on(actor).list({ limit: 100 })).items.map((one) => one.id)
    expect(await shown(await person('VIEWER'))).toEqual([])
    expect(await shown(viewing.actor)).toContain(id)
    expect(await shown(holder.actor)).not.toContain(own.id)
    expect(await shown(await person('ADMIN'))).toEqual(expect.arrayContaining([id, own.id]))
    expect(await shown(await key(['none']))).toEqual([])
    const { items } = await on(viewing.actor).board({})
    expect(items.map((one) => one.id).toSorted()).toEqual((await shown(viewing.actor)).toSorted())
    expect(items.find((one) => one.id === id)).toMatchObject({ mine: false, access: { role: 'viewer' } })
    expect(items.find((one) => one.id === own.id)).toMatchObject({ mine: true, access: { role: 'manager' } })
  })
  test('a grant that ended gives nothing any more', async () => {
    const made = await makeAccount(world, project, { owner: holder })
    const actor = await person('MEMBER')
    const grant = await grantTo(world, made, { ...granteeOf(actor), role: 'manager' })
    expect(await codeOf(on(actor).update({ accountId: made.id, name: 'a' }))).toBe('done')
    await sql`update account_grants set expires_at = now() where id = ${grant}`
    for (const attempt of [tries.get, tries.update, tries.pin]) expect(await codeOf(attempt(actor, made.id))).toBe(no)
  })
  test('ids that name nothing are not found, whatever they are made of', async () => {
    const actor = await person('OWNER')
    for (const accountId of ['acct_123', '0'.repeat(26), 'x', '-'])
      for (const attempt of Object.values(tries)) expect(await codeOf(attempt(actor, accountId))).toBe(no)
    for (const accountId of ['', 'a b', '\0', 'x'.repeat(65)])
      expect(new Set(await faultyFields(on(actor).get({ accountId })))).toEqual(new Set(['accountId']))
  })
  test('an export and a change need a fresh sign-in of people where they hand a seed out', async () => {
    const { id } = await account()
    const stale = { ...(await person('ADMIN')), freshUntil: new Date(0) }
    expect(await codeOf(on(stale).export({ accountId: id }))).toBe('SIGN_IN_AGAIN')
    expect(await codeOf(on(stale).exportOwn({}))).toBe('SIGN_IN_AGAIN')
    expect(await codeOf(on(stale).update({ accountId: id, name: 'a' }))).toBe('done')
  })
})

describe('a key that is limited to tags', async () => {
  const { project, key } = await makePlace(world)
  test('makes accounts with one of them only', async () => {
    const actor = await key(['prod', 'ops'])
    expect(await codeOf(on(actor).create(wish))).toBe('done')
    for (const tags of [[], ['Prod'], ['engineering']])
      expect(await codeOf(on(actor).create({ ...wish, tags }))).toBe('TAG_NOT_ALLOWED')
    expect(await codeOf(on(await key([])).create(wish))).toBe('TAG_NOT_ALLOWED')
  })
  test('does not take an account out of its own tags', async () => {
    const { id: accountId } = await makeAccount(world, project, { tags: ['prod'] })
    const actor = await key(['prod', 'ops'])
    expect(await codeOf(on(actor).update({ accountId, tags: ['dev'] }))).toBe('TAG_NOT_ALLOWED')
    expect((await on(actor).update({ accountId, tags: ['ops', 'dev'] })).tags).toEqual(['ops', 'dev'])
  })
  test('does not make one its own that it only manages by a grant', async () => {
    const made = await makeAccount(world, project, { tags: ['dev'] })
    const actor = await key(['prod'])
    await grantTo(world, made, { ...granteeOf(actor), role: 'manager' })
    expect(await codeOf(on(actor).update({ accountId: made.id, tags: ['dev', 'prod'] }))).toBe('TAG_NOT_ALLOWED')
    expect(await codeOf(on(actor).update({ accountId: made.id, tags: ['dev', 'else'] }))).toBe('done')
    expect(await codeOf(on(actor).export({ accountId: made.id }))).toBe('NOT_YOUR_ACCOUNT')
  })
})
