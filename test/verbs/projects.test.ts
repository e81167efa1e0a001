import { describe, expect, test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import {
  makeProject as addProject,
  findProject,
  hasProjects,
  purgeProjects,
  twinOf,
} from '../../server/projects/project.ts'
import { as } from '../as.ts'
import { heardAll } from '../heard.ts'
import { toldOf } from '../invited.ts'
import { makeProject } from '../make.ts'
import { actorIn, makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld, worldAt } from '../serve.ts'

const world = await testWorld()
const open = await worldAt(world.address, { SIGN_UP: 'open' })
const { sql } = world.db

describe('projects.create', () => {
  test('makes whoever asks its owner, and tells of both', async () => {
    const person = await makePerson(world, await makeProject(world), 'ADMIN', { name: 'Ada' })
    const made = await as(world, person.actor).projects.create({ name: 'second shop' })
    await heardAll(world)
    expect((await actorIn(world, person.value, made)).role).toBe('OWNER')
    expect(await toldOf(world, made, 'project.created')).toEqual([{ project_id: made.id, name: 'second shop' }])
    expect(await toldOf(world, made, 'person.joined')).toEqual([{ person_id: person.id, name: 'Ada', role: 'OWNER' }])
    expect(await codeOf(as(world, person.actor).projects.create({ name: 'second shop' }))).toBe('NAME_TAKEN')
    expect(await codeOf(as(world, person.actor).projects.create({ name: ' x' }))).toBe('INVALID_INPUT')
  })
  test('is for owners, admins and who runs the instance; for anybody signed in where sign-up is open', async () => {
    const project = await makeProject(world)
    for (const [role, code] of [
      ['OWNER', 'done'],
      ['ADMIN', 'done'],
      ['MEMBER', 'INSUFFICIENT_ROLE'],
      ['VIEWER', 'INSUFFICIENT_ROLE'],
    ] as const) {
      const { actor } = await makePerson(world, project, role)
      expect(await codeOf(as(world, actor).projects.create({ name: `by ${role}` }))).toBe(code)
      expect(await codeOf(as(open, actor).projects.create({ name: `open by ${role}` }))).toBe('done')
    }
    const { actor } = await makePerson(world, project, 'VIEWER')
    const runs = { ...actor, runsInstance: true }
    expect(await codeOf(as(world, runs).projects.create({ name: 'by who runs it' }))).toBe('done')
    expect(await codeOf(as(world, { type: 'visitor' }).projects.create({ name: 'by nobody' }))).toBe('SIGNED_OUT')
  })
  test('leaves nothing behind when it is refused', async () => {
    const { actor } = await makePerson(world, await makeProject(world), 'VIEWER')
    await codeOf(as(world, actor).projects.create({ name: 'refused' }))
    expect(await findProject(sql, 'refused')).toBeUndefined()
  })
})

describe('the twin with the test objects', () => {
  test('is made once, by whoever asks first of many, and is its own twin', async () => {
    const project = await makeProject(world)
    const asked = await Promise.all(
      Array.from({ length: 20 }, (_, i) => twinOf((i % 2 ? world : open).db.sql, project.id)),
    )
    expect(new Set(asked).size).toBe(1)
    expect(await twinOf(sql, asked[0] ?? '')).toBe(asked[0])
    expect(await sql`select 1 from projects where test_of = ${project.id}`).toHaveLength(1)
  })
  test('is known to open sessions at once', async () => {
    const project = await makeProject(world)
    const person = await makePerson(world, project, 'MEMBER')
    const twin = await twinOf(open.db.sql, project.id)
    await heardAll(world)
    expect(await actorIn(world, person.value, { id: twin })).toMatchObject({
      ...{ projectId: twin, liveProjectId: project.id, role: 'MEMBER' },
    })
  })
  test('is found by nobody who looks for projects, and takes no name', async () => {
    const project = await makeProject(world, 'has a twin')
    const twin = await twinOf(sql, project.id)
    expect(await findProject(sql, 'has a twin')).toEqual({ id: project.id, name: 'has a twin' })
    expect(await findProject(sql, twin)).toBeUndefined()
    const again = await addProject(sql, systemCtx(world, 'test'), 'has a twin')
    expect(again).toBeUndefined()
  })
  test('goes with its project, with all that has no foreign key', async () => {
    const short = await addProject(sql, systemCtx(world, 'test'), 'short', 0)
    const twin = await twinOf(sql, short?.id ?? '')
    await sql`insert into value_versions (project_id, key_path, version, value, at, by)
      values (${twin}, 'a', 1, 'x', now(), '{"type":"system","id":null,"name":"test"}')`
    expect(await purgeProjects(sql)).toBe(2)
    expect(await sql`select 1 from projects where id = ${twin}`).toHaveLength(0)
    expect(await sql`select 1 from value_versions where project_id = ${twin}`).toHaveLength(0)
  })
  test('of a throwaway project does not count as somebody’s project', async () => {
    const empty = await testWorld()
    const demo = await addProject(empty.db.sql, systemCtx(empty, 'test'), 'demo', 600)
    await twinOf(empty.db.sql, demo?.id ?? '')
    expect(await hasProjects(empty.db.sql)).toBe(false)
  })
})
