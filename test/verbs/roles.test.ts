import { describe, expect, test } from 'vitest'
import type { PersonActor } from '../../server/context.ts'
import { actorOfKey } from '../../server/keys/known.ts'
import { contract } from '../../shared/contract/index.ts'
import { type Role, roles } from '../../shared/roles.ts'
import { as } from '../as.ts'
import { heardAll } from '../heard.ts'
import { makeKeyOf, ticketOf, toldOf } from '../invited.ts'
import { makeKey, makeProject } from '../make.ts'
import { actorIn, makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld, worldAt } from '../serve.ts'

const world = await testWorld()
const other = await worldAt(world.address)

/** A project with an owner who stays, somebody of role `mine`, and somebody of role `theirs`. */
async function scene(mine: Role, theirs: Role = 'VIEWER') {
  const project = await makeProject(world)
  const owner = await makePerson(world, project, 'OWNER')
  const me = await makePerson(world, project, mine)
  const them = await makePerson(world, project, theirs)
  return { project, owner, me, them, users: as(world, me.actor).users }
}

const rank: Record<Role, number> = { VIEWER: 1, MEMBER: 2, ADMIN: 3, OWNER: 4 }
const pairs = roles.flatMap((mine) => roles.map((theirs): [Role, Role] => [mine, theirs]))

describe.each(pairs)('%s', (mine, theirs) => {
  const above = rank[mine] >= 3 && rank[mine] >= rank[theirs]
  const code = above ? 'done' : 'INSUFFICIENT_ROLE'

  test(`${above ? 'may disable' : 'may disable neither by hand nor by a key'} ${theirs}`, async () => {
    const { users, them, project, me } = await scene(mine, theirs)
    const { actor } = await makeKeyOf(world, project, me)
    const byKey = as(world, { ...actor, makerRole: mine }).users.disable({ userId: them.id })
    if (!above) expect(await codeOf(byKey)).toMatch(/^(INSUFFICIENT_ROLE|MAKER_NOT_ADMIN)$/)
    else await byKey
    expect(await codeOf(users.disable({ userId: them.id }))).toBe(code)
    expect(await toldOf(world, project, 'person.disabled')).toHaveLength(above ? 1 : 0)
  })
  test(`${above ? 'may' : 'may not'} invite ${theirs}`, async () => {
    const { users } = await scene(mine)
    expect(await codeOf(users.invite({ email: 'x@example.com', role: theirs }))).toBe(code)
  })
  test.each(roles)(`changes ${theirs} to %s only where neither is above`, async (role) => {
    const { users, them, project } = await scene(mine, theirs)
    const may = above && rank[mine] >= rank[role]
    expect(await codeOf(users.setRole({ userId: them.id, role }))).toBe(may ? 'done' : 'INSUFFICIENT_ROLE')
    const changes = await toldOf(world, project, 'person.role_changed')
    expect(changes).toEqual(
      may && role !== theirs ? [{ person_id: them.id, name: 'Ana Silva', role, was: theirs }] : [],
    )
  })
})

describe('users.setRole', () => {
  test('answers the person as they are now, at once on every node', async () => {
    const { users, them, project } = await scene('OWNER')
    const known = await actorIn(other, them.value, project)
    expect(known.role).toBe('VIEWER')
    expect(await users.setRole({ userId: them.id, role: 'admin' })).toMatchObject({ id: them.id, role: 'ADMIN' })
    await heardAll(other)
    expect((await actorIn(other, them.value, project)).role).toBe('ADMIN')
  })
  test('keeps a last owner, finds nobody of another project, an invitation or who was shown out', async () => {
    const { users, owner, them, me, project } = await scene('OWNER')
    await users.setRole({ userId: owner.id, role: 'MEMBER' })
    expect(await codeOf(users.setRole({ userId: me.id, role: 'ADMIN' }))).toBe('LAST_OWNER')
    expect(await codeOf(users.setRole({ userId: me.id, role: 'OWNER' }))).toBe('done')
    const { id } = await users.invite({ email: 'x@example.com', role: 'MEMBER' })
    const elsewhere = await scene('OWNER')
    await users.disable({ userId: them.id })
    for (const userId of [id, elsewhere.me.id, them.id, '0'.repeat(26)])
      expect(await codeOf(users.setRole({ userId, role: 'MEMBER' }))).toBe('NOT_FOUND')
    expect(await toldOf(world, project, 'person.role_changed')).toHaveLength(1)
  })
  test('down revokes the invitations that the person could not make any more, and no others', async () => {
    const { users, owner, them } = await scene('OWNER', 'OWNER')
    const theirs = as(world, them.actor).users
    const links: Partial<Record<Role, string>> = {}
    for (const role of roles) links[role] = ticketOf(await theirs.invite({ email: `${role}@example.com`, role }))
    const mine = ticketOf(await users.invite({ email: 'mine@example.com', role: 'OWNER' }))
    const visitor = as(world, { type: 'visitor' })
    const left = async () => {
      const codes = await Promise.all(
        roles.map((role) => codeOf(visitor.invitations.open({ token: links[role] ?? '' }))),
      )
      return roles.filter((_, at) => codes[at] === 'done')
    }
    await users.setRole({ userId: them.id, role: 'ADMIN' })
    expect(await left()).toEqual(['VIEWER', 'MEMBER', 'ADMIN'])
    await users.setRole({ userId: them.id, role: 'MEMBER' })
    expect(await left()).toEqual([])
    expect(await codeOf(visitor.invitations.open({ token: mine }))).toBe('done')
    expect(await codeOf(as(world, owner.actor).users.setRole({ userId: them.id, role: 'VIEWER' }))).toBe('done')
  })
  test('and what admins do is decided by what they are now, not by what they were when the request came', async () => {
    const { users, me, them, owner } = await scene('ADMIN')
    await as(world, owner.actor).users.setRole({ userId: me.id, role: 'MEMBER' })
    // `me.actor` still says ADMIN, as a request would that was admitted a moment before.
    const stale: PersonActor = me.actor
    expect(stale.role).toBe('ADMIN')
    for (const call of [
      () => users.disable({ userId: them.id }),
      () => users.setRole({ userId: them.id, role: 'MEMBER' }),
      () => users.invite({ email: 'x@example.com', role: 'VIEWER' }),
    ])
      expect(await codeOf(call())).toBe('INSUFFICIENT_ROLE')
  })
})

describe('a key over people', () => {
  const doors = Object.entries(contract).flatMap(([feature, entries]) =>
    Object.entries(entries).flatMap(([verb, entry]) => ('activeAdmin' in entry ? [`${feature}.${verb}`] : [])),
  )
  test('is asked for an active admin wherever people are concerned', () => {
    expect(doors).toEqual(expect.arrayContaining(['users.list', 'users.invite', 'users.uninvite', 'users.disable']))
  })
  test.each(['demoted', 'disabled'])('is refused at once on every node when its maker is %s', async (how) => {
    const { project, users, them } = await scene('OWNER', 'ADMIN')
    const { key } = await makeKeyOf(world, project, them)
    const listing = async (node: typeof world) => as(node, await actorOfKey(node, key)).users.list({})
    for (const node of [world, other]) expect(await codeOf(listing(node))).toBe('done')
    if (how === 'demoted') await users.setRole({ userId: them.id, role: 'MEMBER' })
    else await world.db.sql`update memberships set disabled_at = now() where person_id = ${them.id}`
    await Promise.all([world, other].map(heardAll))
    for (const node of [world, other]) expect(await codeOf(listing(node))).toBe('MAKER_NOT_ADMIN')
    if (how === 'demoted') await users.setRole({ userId: them.id, role: 'ADMIN' })
    else await world.db.sql`update memberships set disabled_at = null where person_id = ${them.id}`
    await Promise.all([world, other].map(heardAll))
    for (const node of [world, other]) expect(await codeOf(listing(node))).toBe('done')
  })
  test('dies with its maker’s membership, at once on every node', async () => {
    const { project, users, them } = await scene('OWNER', 'ADMIN')
    const { key } = await makeKeyOf(world, project, them)
    for (const node of [world, other]) expect(await codeOf(actorOfKey(node, key))).toBe('done')
    await users.disable({ userId: them.id })
    await Promise.all([world, other].map(heardAll))
    for (const node of [world, other]) expect(await codeOf(actorOfKey(node, key))).toBe('EXPIRED_API_KEY')
  })
  test('of the command line counts as an admin’s; a test key never reaches people', async () => {
    const { project } = await scene('OWNER')
    const { actor } = await makeKey(world, project, 'admin')
    expect(actor.makerId).toBeNull()
    expect(await codeOf(as(world, actor).users.list({}))).toBe('done')
    const { actor: tester } = await makeKey(world, project, 'admin', { env: 'test' })
    const { users } = as(world, tester)
    expect(await codeOf(users.list({}))).toBe('TEST_KEY')
    expect(await codeOf(users.disable({ userId: '0'.repeat(26) }))).toBe('TEST_KEY')
  })
})
