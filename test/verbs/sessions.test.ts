import { describe, expect, test } from 'vitest'
import { clean } from '../../server/jobs/sweep.ts'
import { openSession } from '../../server/people/session.ts'
import type { World } from '../../server/world.ts'
import { as } from '../as.ts'
import { makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { joinProject, makePerson, makeSession } from '../people.ts'
import { testWorld, worldAt } from '../serve.ts'

const world = await testWorld()
const node = await worldAt(world.address)
const { sql } = world.db
const owner = ownerOf(world)

const isOpen = async (at: World, value: string) => (await openSession(at, value)) !== undefined

/** A person whose project has these settings, with a session that began and was last used so long ago. */
async function person(settings: Record<string, number> = {}) {
  const project = await makeProject(world)
  const made = await makePerson(world, project)
  if (Object.keys(settings).length > 0) await sql`update projects set ${sql(settings)} where id = ${project.id}`
  return { ...made, project }
}

/** Moves a session back in time. */
async function age(
  id: string,
  { began = 0, used = 0, proven = 0 }: { began?: number; used?: number; proven?: number },
) {
  await sql`
    update sessions set created_at = now() - make_interval(mins => ${began}), seen_at = now() - make_interval(mins => ${used}),
      proven_at = now() - make_interval(mins => ${proven}) where id = ${id}`
}

describe('a session ends', () => {
  test.each<[string, Record<string, number>, { began: number; used: number }, boolean]>([
    ['not within 30 minutes without use', {}, { began: 29, used: 29 }, true],
    ['after 30 minutes without use', {}, { began: 31, used: 31 }, false],
    ['not within 12 hours of use', {}, { began: 719, used: 0 }, true],
    ['after 12 hours, however much it is used', {}, { began: 721, used: 0 }, false],
    ['after the project’s own idle time', { session_idle_minutes: 5 }, { began: 6, used: 6 }, false],
    ['later where the project says so', { session_idle_minutes: 120 }, { began: 90, used: 90 }, true],
    ['after the project’s own hours', { session_hours: 1 }, { began: 61, used: 0 }, false],
  ])('%s', async (_, settings, ago, open) => {
    const ana = await person(settings)
    const session = await makeSession(world, ana.id)
    await age(session.id, ago)
    expect(await isOpen(node, session.value)).toBe(open)
    expect(await isOpen(world, session.value)).toBe(open)
  })

  test('by the strictest of the person’s projects, and by the others again when they leave it', async () => {
    const ana = await person({ session_idle_minutes: 240 })
    const strict = await makeProject(world)
    await sql`update projects set session_idle_minutes = 5 where id = ${strict.id}`
    await joinProject(world, ana.id, strict, 'VIEWER')
    const session = await makeSession(world, ana.id)
    await age(session.id, { began: 60, used: 60 })
    expect(await isOpen(world, session.value)).toBe(false)
    await sql`update memberships set disabled_at = now() where project_id = ${strict.id}`
    expect(await isOpen(world, session.value)).toBe(true)
  })

  test.each<[string, Record<string, number>, number, boolean]>([
    ['29 days after a sign-in that is remembered: not yet', {}, 29, true],
    ['31 days after it', {}, 31, false],
    ['later where a project allows more', { remember_days: 60 }, 59, true],
    ['like any other where a project does not offer it', { remember_days: 0 }, 1, false],
  ])('%s', async (_, settings, days, open) => {
    const ana = await person(settings)
    const session = await makeSession(world, ana.id)
    await sql`update sessions set remembered = true where id = ${session.id}`
    await age(session.id, { began: days * 1440, used: days * 1440 })
    expect(await isOpen(world, session.value)).toBe(open)
  })

  test('at its row’s own end at the latest', async () => {
    const ana = await person({ session_hours: 168 })
    await sql`update sessions set expires_at = now() - interval '1 second' where id = ${ana.sessionId}`
    await expect.poll(() => isOpen(world, ana.value)).toBe(false)
  })

  test('while it is used it is noted at most once a minute', async () => {
    const ana = await person()
    const session = await makeSession(world, ana.id)
    await age(session.id, { began: 10, used: 2 })
    expect(await isOpen(world, session.value)).toBe(true)
    const seen = async () => (await sql`select seen_at from sessions where id = ${session.id}`)[0]?.seen_at as Date
    const first = await seen()
    expect(Date.now() - first.getTime()).toBeLessThan(30_000)
    await isOpen(world, session.value)
    expect(await seen()).toEqual(first)
  })
})

describe('a fresh sign-in', () => {
  test('counts for ten minutes from when the person proved who they are', async () => {
    const ana = await person()
    for (const [proven, fresh] of [
      [0, true],
      [9, true],
      [11, false],
    ] as const) {
      const session = await makeSession(world, ana.id)
      await age(session.id, { began: 15, used: 0, proven })
      const opened = await openSession(world, session.value)
      expect((opened?.who.freshUntil.getTime() ?? 0) > Date.now()).toBe(fresh)
    }
  })
})

describe('a revoked session is dead', () => {
  test('on another node that has it in its cache, within a second, and stays so after a restart', async () => {
    for (let round = 0; round < 10; round++) {
      const ana = await person()
      const other = await makeSession(world, ana.id)
      expect(await isOpen(node, other.value)).toBe(true)
      expect(await isOpen(node, other.value)).toBe(true)
      await as(world, ana.actor).me.revokeSession({ id: other.id })
      expect(await isOpen(world, other.value)).toBe(false)
      await expect.poll(() => isOpen(node, other.value), { timeout: 1000, interval: 5 }).toBe(false)
      expect(await isOpen(node, ana.value)).toBe(true)
      if (round === 0) {
        const restarted = await worldAt(world.address)
        expect(await isOpen(restarted, other.value)).toBe(false)
        await restarted.close()
      }
    }
  })

  test('on a node whose LISTEN connection is down: it trusts no cache then', async () => {
    const deaf = await worldAt(world.address)
    const ana = await person()
    const other = await makeSession(world, ana.id)
    expect(await isOpen(deaf, other.value)).toBe(true)
    const listening = deaf.wake.isListening
    deaf.wake.isListening = () => false
    await as(world, ana.actor).me.revokeSession({ id: other.id })
    expect(await isOpen(deaf, other.value)).toBe(false)
    deaf.wake.isListening = listening
    await deaf.close()
  })

  test('and a cache that hears nothing would have kept it alive (control)', async () => {
    const ana = await person()
    const other = await makeSession(world, ana.id)
    expect(await isOpen(node, other.value)).toBe(true)
    await owner`alter table sessions disable trigger sessions_notify_delete`
    await sql`delete from sessions where id = ${other.id}`.finally(
      () => owner`alter table sessions enable trigger sessions_notify_delete`,
    )
    expect(await isOpen(node, other.value)).toBe(true)
  })
})

test('a cookie that was not signed here opens nothing, whatever token it names', async () => {
  const ana = await person()
  const elsewhere = await testWorld({ MASTER_KEY: 'aa'.repeat(32) })
  expect(await isOpen(elsewhere, ana.value)).toBe(false)
  const [row] = await sql`select token from sessions where id = ${ana.sessionId}`
  for (const value of [row?.token, `${row?.token}.x`, ana.token, ana.value.split('.')[0], '%', ''])
    expect(await isOpen(world, String(value))).toBe(false)
})

test('what ended by its row’s own end is removed by the sweeper, and nothing else is', async () => {
  const ana = await person()
  const [ended, idle] = [await makeSession(world, ana.id), await makeSession(world, ana.id, 60)]
  await sql`update sessions set expires_at = now() - interval '1 second' where id = ${ended.id}`
  await sql`insert into verifications (id, identifier, value, expires_at) values ('old', 'x', 'x', now()), ('new', 'y', 'y', now() + interval '1 minute')`
  await clean(world)
  const left = await sql`select id from sessions where person_id = ${ana.id} order by id`
  expect(left.map((row) => row.id)).toEqual([ana.sessionId, idle.id].sort())
  expect(await sql`select id from verifications`).toEqual([{ id: 'new' }])
})
