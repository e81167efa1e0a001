import { describe, expect, test } from 'vitest'
import { openSession } from '../../server/people/session.ts'
import { as } from '../as.ts'
import { heardAll } from '../heard.ts'
import { makeKeyOf, makeOwned, ticketOf, toldOf } from '../invited.ts'
import { makeKey } from '../make.ts'
import { actorIn, joinProject, makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db

const scene = () => makeOwned(world)

describe('users.disable', () => {
  test('ends membership, keys here and in the twin, invitations and sessions together, and tells each of them', async () => {
    const { project, owner, users } = await scene()
    const admin = await makePerson(world, project, 'ADMIN', { name: 'Adam Admin' })
    const keys = [await makeKeyOf(world, project, admin), await makeKeyOf(world, project, admin, 'agent-test')]
    const kept = await makeKeyOf(world, project, owner)
    const backdoor = await as(world, admin.actor).users.invite({ email: 'me2@example.com', role: 'ADMIN' })
    const others = await users.invite({ email: 'other@example.com', role: 'ADMIN' })
    await users.disable({ userId: admin.id })

    const dead = await sql`select id from api_keys where revoked_at is not null and maker_id = ${admin.id} order by id`
    expect(dead.map((one) => one.id)).toEqual(keys.map((one) => one.id).toSorted())
    expect(await sql`select 1 from api_keys where id = ${kept.id} and revoked_at is null`).toHaveLength(1)
    expect(await sql`select 1 from sessions where person_id = ${admin.id}`).toHaveLength(0)
    expect((await users.list({ q: '@example.com' })).items.map((one) => one.id)).not.toContain(backdoor.id)
    expect((await users.list({ q: 'other@' })).items.map((one) => one.id)).toEqual([others.id])

    const who = { person_id: admin.id, name: 'Adam Admin' }
    expect(await toldOf(world, project, 'person.disabled')).toEqual([who])
    expect(await toldOf(world, project, 'person.signed_out')).toEqual([{ ...who, sessions: 1 }])
    expect(await toldOf(world, project, 'key.revoked')).toHaveLength(2)
    expect(await toldOf(world, project, 'invitation.revoked')).toHaveLength(1)
    // Once more changes and tells nothing.
    await users.disable({ userId: admin.id })
    expect(await toldOf(world, project, 'person.disabled')).toHaveLength(1)
  })
  test('leaves what the person has in other projects, sessions included', async () => {
    const { project, users } = await scene()
    const elsewhere = await scene()
    const member = await makePerson(world, project, 'ADMIN')
    await joinProject(world, member.id, elsewhere.project, 'ADMIN')
    const theirs = await makeKeyOf(world, elsewhere.project, member)
    await users.disable({ userId: member.id })
    expect(await sql`select 1 from api_keys where id = ${theirs.id} and revoked_at is null`).toHaveLength(1)
    const session = await openSession(world, member.value)
    expect(session?.memberships.map((one) => one.project_id)).toEqual([elsewhere.project.id])
    await elsewhere.users.disable({ userId: member.id })
    expect(await sql`select 1 from sessions where person_id = ${member.id}`).toHaveLength(0)
  })
  test('keeps the last owner, and finds nobody who was never there', async () => {
    const { project, owner, users } = await scene()
    const elsewhere = await scene()
    expect(await codeOf(users.disable({ userId: owner.id }))).toBe('LAST_OWNER')
    expect(await codeOf(users.leave({}))).toBe('LAST_OWNER')
    const { actor } = await makeKey(world, project, 'admin')
    expect(await codeOf(as(world, actor).users.disable({ userId: owner.id }))).toBe('LAST_OWNER')
    for (const userId of [elsewhere.owner.id, '0'.repeat(26)])
      expect(await codeOf(users.disable({ userId }))).toBe('NOT_FOUND')
    expect(await toldOf(world, project, 'person.disabled')).toEqual([])
    const second = await makePerson(world, project, 'OWNER')
    expect(await codeOf(as(world, second.actor).users.disable({ userId: owner.id }))).toBe('done')
    // An owner who was shown out does not count as one.
    expect(await codeOf(as(world, second.actor).users.disable({ userId: second.id }))).toBe('LAST_OWNER')
  })
  test('anybody may leave by themselves, a viewer too', async () => {
    const { project } = await scene()
    for (const role of ['VIEWER', 'MEMBER', 'ADMIN', 'OWNER'] as const) {
      const person = await makePerson(world, project, role)
      await as(world, person.actor).users.leave({})
      await heardAll(world)
      expect(await openSession(world, person.value)).toBeUndefined()
    }
    expect(await toldOf(world, project, 'person.disabled')).toHaveLength(4)
  })
  test('and inviting again brings somebody back, with the new role and without their old keys', async () => {
    const { project, users } = await scene()
    const elsewhere = await scene()
    const member = await makePerson(world, project, 'ADMIN')
    await joinProject(world, member.id, elsewhere.project, 'VIEWER')
    const { id } = await makeKeyOf(world, project, member)
    await users.disable({ userId: member.id })
    const invited = await users.invite({ email: member.email, role: 'MEMBER' })
    await heardAll(world)
    const there = await actorIn(world, member.value, elsewhere.project)
    await as(world, there).invitations.accept({ token: ticketOf(invited) })
    await heardAll(world)
    expect((await actorIn(world, member.value, project)).role).toBe('MEMBER')
    expect(await sql`select 1 from api_keys where id = ${id} and revoked_at is not null`).toHaveLength(1)
  })
})
