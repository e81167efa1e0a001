import { describe, expect, test } from 'vitest'
import type { Sql } from '../../server/lib/driver/connect.ts'
import { openSession } from '../../server/people/session.ts'
import { as } from '../as.ts'
import { testDb } from '../db.ts'
import { heardAll } from '../heard.ts'
import { makeKeyOf, ticketOf, toldOf } from '../invited.ts'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { worldAt } from '../serve.ts'

const { address, db } = await testDb({ max: 2 })
const [world, other] = [await worldAt(address), await worldAt(address)]
const { sql } = world.db

type Owner = Awaited<ReturnType<typeof makePerson>>
type Blow = (node: typeof world, by: Owner, against: Owner) => Promise<unknown>

/** Two owners strike each other at the same moment, each on a node of their own: how many blows landed, and who is left. */
async function duel(blow: Blow) {
  const project = await makeProject(world)
  const [a, b] = [await makePerson(world, project, 'OWNER'), await makePerson(world, project, 'OWNER')]
  const codes = await Promise.all([codeOf(blow(world, a, b)), codeOf(blow(other, b, a))])
  const owners = await sql`
    select 1 from memberships where project_id = ${project.id} and role = 'OWNER' and disabled_at is null`
  return { project, codes, landed: codes.filter((code) => code === 'done').length, owners: owners.length }
}

const blows: Record<string, { blow: Blow; told: 'person.disabled' | 'person.role_changed' }> = {
  disable: {
    blow: (node, by, against) => as(node, by.actor).users.disable({ userId: against.id }),
    told: 'person.disabled',
  },
  demote: {
    blow: (node, by, against) => as(node, by.actor).users.setRole({ userId: against.id, role: 'MEMBER' }),
    told: 'person.role_changed',
  },
  leave: { blow: (node, by) => as(node, by.actor).users.leave({}), told: 'person.disabled' },
}

describe('the last owner', () => {
  test.each(Object.entries(blows))(
    'stays when two %s each other at once, 100 times',
    async (_, { blow, told }) => {
      for (let i = 0; i < 100; i++) {
        const { project, landed, owners, codes } = await duel(blow)
        expect({ landed, owners }, String(codes)).toEqual({ landed: 1, owners: 1 })
        expect(codes).toContainEqual(expect.stringMatching(/^(LAST_OWNER|INSUFFICIENT_ROLE)$/))
        expect(await toldOf(world, project, told)).toHaveLength(1)
      }
    },
    120_000,
  )
  test('goes when the rule is one statement without the lock: each sees the other one still (control)', async () => {
    let orphaned = 0
    for (let i = 0; i < 100; i++) {
      const { owners } = await duel((node, by, against) =>
        node.db.sql.begin(async (tx) => {
          const [project] = await tx`select project_id from memberships where person_id = ${by.id}`
          await tx`
            update memberships m set disabled_at = now() where person_id = ${against.id} and exists (
              select 1 from memberships o where o.project_id = ${project?.project_id} and o.role = 'OWNER'
                and o.disabled_at is null and o.person_id <> m.person_id)`
        }),
      )
      if (owners === 0) orphaned++
    }

    expect(orphaned).toBeGreaterThan(10)
  }, 120_000)
})

/** An invitation accepted in sixteen tabs of one browser at once, over two nodes. */
async function accepted(
  accept: (sql: Sql, projectId: string, person: Owner, node: typeof world, token: string) => Promise<unknown>,
) {
  const project = await makeProject(world)
  const owner = await makePerson(world, project, 'OWNER')
  const guest = await makePerson(world, await makeProject(world), 'OWNER')
  const token = ticketOf(await as(world, owner.actor).users.invite({ email: guest.email, role: 'MEMBER' }))
  const codes = await Promise.all(
    Array.from({ length: 16 }, (_, i) => {
      const node = i % 2 ? world : other
      return codeOf(accept(node.db.sql, project.id, guest, node, token))
    }),
  )
  const members = await sql`select 1 from memberships where project_id = ${project.id} and person_id = ${guest.id}`
  return { project, codes, members: members.length, done: codes.filter((code) => code === 'done').length }
}

describe('an invitation', () => {
  test('accepted 16 times at once makes one membership and is told once, 50 times', async () => {
    for (let i = 0; i < 50; i++) {
      const { project, codes, members, done } = await accepted((_sql, _project, guest, node, token) =>
        as(node, guest.actor).invitations.accept({ token }),
      )
      expect({ members, done }).toEqual({ members: 1, done: 1 })
      expect(codes.filter((code) => code === 'INVITATION_GONE')).toHaveLength(15)
      expect(await toldOf(world, project, 'person.joined')).toHaveLength(1)
    }
  }, 120_000)
  test('that is read before it is used is used several times (control)', async () => {
    let several = 0
    for (let i = 0; i < 20; i++) {
      const { done } = await accepted(async (sql, projectId, guest) => {
        const [open] = await sql`
          select id from invitations where project_id = ${projectId} and accepted_at is null`
        if (!open) throw new Error('used')
        await sql`insert into memberships (project_id, person_id, role) values (${projectId}, ${guest.id}, 'MEMBER')
          on conflict do nothing`
        await sql`update invitations set accepted_at = now() where id = ${open.id}`
      })
      if (done > 1) several++
    }

    expect(several).toBeGreaterThan(10)
  }, 120_000)
  test('of one address made by 16 at once leaves one open and 15 revoked, and refuses none', async () => {
    const project = await makeProject(world)
    const owner = await makePerson(world, project, 'OWNER')
    const email = 'everybody@example.com'
    const invite = (_: unknown, i: number) =>
      codeOf(as(i % 2 ? world : other, owner.actor).users.invite({ email, role: 'MEMBER' }))
    const codes = await Promise.all(Array.from({ length: 16 }, invite))
    expect(new Set(codes)).toEqual(new Set(['done']))
    const rows = await sql`select revoked_at from invitations where project_id = ${project.id}`
    expect(rows.filter((row) => row.revoked_at === null)).toHaveLength(1)
    expect(rows).toHaveLength(16)
  })
})

describe('disabling', () => {
  test('that fails anywhere has changed nothing: membership, keys, invitations, sessions and record stand', async () => {
    const project = await makeProject(world)
    const owner = await makePerson(world, project, 'OWNER')
    const admin = await makePerson(world, project, 'ADMIN')
    await makeKeyOf(world, project, admin)
    await as(world, admin.actor).users.invite({ email: 'backdoor@example.com', role: 'ADMIN' })
    const state = async () => ({
      members: await sql`select * from memberships where project_id = ${project.id} order by person_id`,
      keys: await sql`select id, revoked_at from api_keys where project_id = ${project.id}`,
      invitations: await sql`select id, revoked_at from invitations where project_id = ${project.id}`,
      sessions: await sql`select id from sessions where person_id = ${admin.id}`,
      told: await sql`select id from events where project_id = ${project.id} order by id`,
    })
    const before = await state()
    await db.sql`create function never() returns trigger language plpgsql as $$ begin raise exception 'never'; end $$`
    for (const table of ['api_keys', 'invitations', 'sessions', 'events']) {
      const when = { api_keys: 'update', invitations: 'update', sessions: 'delete', events: 'insert' }[table]
      await db.sql.unsafe(`create trigger never before ${when} on ${table} for each row execute function never()`)
      expect(await codeOf(as(world, owner.actor).users.disable({ userId: admin.id }))).toBe('INTERNAL')
      await db.sql.unsafe(`drop trigger never on ${table}`)
      expect(await state()).toEqual(before)
    }
    expect(await codeOf(as(world, owner.actor).users.disable({ userId: admin.id }))).toBe('done')
  })
  test('in two projects at once ends the sessions of somebody who had no other, 50 times', async () => {
    for (let i = 0; i < 50; i++) {
      const [one, two] = [await makeProject(world), await makeProject(world)]
      const owners = [await makePerson(world, one, 'OWNER'), await makePerson(other, two, 'OWNER')] as const
      const guest = await makePerson(world, one, 'MEMBER')
      await sql`insert into memberships (project_id, person_id, role) values (${two.id}, ${guest.id}, 'MEMBER')`
      await Promise.all([
        as(world, owners[0].actor).users.disable({ userId: guest.id }),
        as(other, owners[1].actor).users.disable({ userId: guest.id }),
      ])
      expect(await sql`select 1 from sessions where person_id = ${guest.id}`).toHaveLength(0)
    }
  }, 60_000)
  test('is known at once to a node that had the session in its memory', async () => {
    const project = await makeProject(world)
    const owner = await makePerson(world, project, 'OWNER')
    const guest = await makePerson(world, project, 'MEMBER')
    expect(await openSession(other, guest.value)).toBeDefined()
    await as(world, owner.actor).users.disable({ userId: guest.id })
    await heardAll(other)
    expect(await openSession(other, guest.value)).toBeUndefined()
  })
})
