import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeProject } from '../make.ts'
import { actorIn, joinProject, makePerson, makeSession } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db

describe('me.get', () => {
  test('names the projects of the person with their role and test twin, and none that they left', async () => {
    const [a, b, left] = [
      await makeProject(world, 'a'),
      await makeProject(world, 'b'),
      await makeProject(world, 'left'),
    ]
    const ana = await makePerson(world, a, 'OWNER')
    await joinProject(world, ana.id, b, 'VIEWER')
    await joinProject(world, ana.id, left, 'ADMIN')
    await sql`update memberships set disabled_at = now() where project_id = ${left.id}`
    await sql`insert into projects (id, name, test_of) values ('01ARZ3NDEKTSV4RRFFQ69G5FAV', 'b test', ${b.id})`
    const me = await as(world, ana.actor).me.get({})
    expect(me).toMatchObject({
      id: ana.id,
      email: ana.email,
      runs_instance: false,
      has_password: false,
      github: false,
      two_factor: false,
      passkeys: [],
      projects: [
        { id: a.id, name: 'a', role: 'OWNER', test_id: null },
        { id: b.id, name: 'b', role: 'VIEWER', test_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' },
      ],
    })
    const fresh = (Date.parse(me.fresh_until) - Date.parse(me.server_time)) / 60_000
    expect(fresh).toBeGreaterThan(9)
    expect(fresh).toBeLessThanOrEqual(10)
    expect(Date.parse(me.expires_at)).toBeGreaterThan(Date.parse(me.server_time))
  })

  test('tells how the person can sign in', async () => {
    const ana = await makePerson(world, await makeProject(world))
    await sql`insert into identities (id, person_id, account_id, provider_id, password) values ('i1', ${ana.id}, ${ana.id}, 'credential', 'x')`
    await sql`insert into identities (id, person_id, account_id, provider_id) values ('i2', ${ana.id}, '7', 'github')`
    await sql`
      insert into passkeys (id, name, public_key, person_id, credential_id, counter, device_type, backed_up)
      values ('01ARZ3NDEKTSV4RRFFQ69G5FAV', 'phone', 'x', ${ana.id}, 'c', 0, 'multiDevice', true)`
    const me = await as(world, ana.actor).me.get({})
    expect(me).toMatchObject({ has_password: true, github: true, passkeys: [{ name: 'phone' }] })
    expect(JSON.stringify(me)).not.toContain('public')
  })
})

test('me.rename changes the name that the next request knows', async () => {
  const project = await makeProject(world)
  const ana = await makePerson(world, project)
  await as(world, ana.actor).me.rename({ name: '  Ana María ' })
  await expect.poll(async () => (await actorIn(world, ana.value, project)).name).toBe('Ana María')
  expect(await codeOf(as(world, ana.actor).me.rename({ name: ' ' }))).toBe('INVALID_INPUT')
})

describe('sessions', () => {
  test('are listed with where they are and when they end, the current one marked, ended ones not', async () => {
    const ana = await makePerson(world, await makeProject(world))
    const idle = await makeSession(world, ana.id, 31)
    const other = await makeSession(world, ana.id, 5)
    const list = await as(world, ana.actor).me.sessions({})
    expect(list.map((one) => [one.id, one.current])).toEqual([
      [ana.sessionId, true],
      [other.id, false],
    ])
    expect(list.map((one) => one.id)).not.toContain(idle.id)
    expect(list[0]).toMatchObject({ ip: '127.0.0.1', user_agent: 'test', remembered: false })
  })

  test('of one’s own are ended one by one or all but this one, and told in each project', async () => {
    const project = await makeProject(world)
    const ana = await makePerson(world, project)
    const me = as(world, ana.actor).me
    const others = [
      await makeSession(world, ana.id),
      await makeSession(world, ana.id),
      await makeSession(world, ana.id),
    ]
    await me.revokeSession({ id: others[0]?.id ?? '' })
    expect(await codeOf(me.revokeSession({ id: others[0]?.id ?? '' }))).toBe('NOT_FOUND')
    expect(await me.revokeOtherSessions({})).toEqual({ ended: 2 })
    expect(await me.sessions({})).toHaveLength(1)
    const told =
      await sql`select payload from events where project_id = ${project.id} and name = 'person.signed_out' order by seq`
    expect(told.map((row) => row.payload.sessions)).toEqual([1, 2])
  })

  test('of somebody else are not found', async () => {
    const project = await makeProject(world)
    const [ana, bob] = [await makePerson(world, project), await makePerson(world, project)]
    expect(await codeOf(as(world, ana.actor).me.revokeSession({ id: bob.sessionId }))).toBe('NOT_FOUND')
    expect(await as(world, bob.actor).me.sessions({})).toHaveLength(1)
  })
})
