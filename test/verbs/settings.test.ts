import { describe, expect, test } from 'vitest'
import { actorOfKey } from '../../server/keys/known.ts'
import { twinOf } from '../../server/projects/project.ts'
import { as } from '../as.ts'
import { heardAll } from '../heard.ts'
import { toldOf } from '../invited.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld, worldAt } from '../serve.ts'

const world = await testWorld()
const other = await worldAt(world.address)
const { sql } = world.db

const defaults = {
  ...{ ip_allowlist: null, requests_days: 30, audit_days: null, session_idle_minutes: 30, session_hours: 12 },
  ...{ remember_days: 30, alert_mail: true, guest_secrets: false, codes_hidden: true },
}

async function scene() {
  const project = await makeProject(world)
  const admin = await makePerson(world, project, 'ADMIN')
  return { project, admin, settings: as(world, admin.actor).settings }
}

describe('settings.get', () => {
  test('shows the live project’s to a viewer, also from its test objects, and to a key', async () => {
    const { project } = await scene()
    const { actor } = await makePerson(world, project, 'VIEWER')
    const expected = { name: project.name, ...defaults }
    expect(await as(world, actor).settings.get({})).toEqual(expected)
    const inTwin = { ...actor, projectId: await twinOf(sql, project.id) }
    expect(await as(world, inTwin).settings.get({})).toEqual(expected)
    const { actor: key } = await makeKey(world, project, 'admin')
    expect(await as(world, key).settings.get({})).toEqual(expected)
  })
})

describe('settings.update', () => {
  test('changes the fields that are sent and no others, and tells which; nothing is told of what was so before', async () => {
    const { project, settings } = await scene()
    const changed = { ...defaults, name: project.name, requests_days: 90, alert_mail: false, audit_days: 400 }
    expect(await settings.update({ requests_days: 90, alert_mail: false, audit_days: 400 })).toEqual(changed)
    expect(await settings.update({ requests_days: 90, remember_days: 30, name: project.name })).toEqual(changed)
    expect(await settings.update({})).toEqual(changed)
    expect(await settings.get({})).toEqual(changed)
    expect(await toldOf(world, project, 'settings.changed')).toEqual([
      { fields: ['requests_days', 'audit_days', 'alert_mail'] },
    ])
    expect(await settings.update({ audit_days: null })).toMatchObject({ audit_days: null })
  })
  test('renames, telling what it was called before; a name that is taken is refused and nothing else changes', async () => {
    const { project, settings } = await scene()
    const { project: neighbour } = await scene()
    const twin = await twinOf(sql, project.id)
    const refused = settings.update({ name: neighbour.name, requests_days: 1 })
    expect(await codeOf(refused)).toBe('NAME_TAKEN')
    expect(await settings.get({})).toEqual({ name: project.name, ...defaults })
    const name = `renamed ${project.id}`
    expect(await settings.update({ name })).toEqual({ name, ...defaults })
    expect(await toldOf(world, project, 'project.renamed')).toEqual([
      { project_id: project.id, name, was: project.name },
    ])
    expect(await sql`select name from projects where id = ${twin}`).toEqual([{ name }])
  })
  test('lets codes lie open on their page, and covers them again', async () => {
    const { settings } = await scene()
    expect(await settings.update({ codes_hidden: false })).toMatchObject({ codes_hidden: false })
    expect(await settings.update({ codes_hidden: true })).toMatchObject({ codes_hidden: true })
  })
  test('is not for members', async () => {
    const { project } = await scene()
    const { actor } = await makePerson(world, project, 'MEMBER')
    expect(await codeOf(as(world, actor).settings.update({ requests_days: 1 }))).toBe('INSUFFICIENT_ROLE')
  })
  test.each([
    { requests_days: 0 },
    { audit_days: 0 },
    { session_idle_minutes: 4 },
    { session_hours: 169 },
    { remember_days: 91 },
    { name: '' },
  ])('refuses %o', async (wish) => {
    const { settings } = await scene()
    expect(await faultyFields(settings.update(wish))).toEqual(Object.keys(wish))
  })
})

describe('the project’s allowlist', () => {
  test('is kept in one spelling, one entry for each line, blank lines dropped', async () => {
    const { settings } = await scene()
    const ip_allowlist = ['127.0.0.1', '', ' ::ffff:10.0.0.0/104 ', '2001:DB8::/32', '127.0.0.1']
    expect(await settings.update({ ip_allowlist })).toMatchObject({
      ip_allowlist: ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'],
    })
    expect(await settings.update({ ip_allowlist: null })).toMatchObject({ ip_allowlist: null })
  })
  test('takes at most 200 entries', async () => {
    const { settings } = await scene()
    const ip_allowlist = Array.from({ length: 201 }, (_, i) => `10.0.0.${i}`)
    expect(await faultyFields(settings.update({ ip_allowlist }))).toEqual(['ip_allowlist'])
  })
  test('names each entry that cannot be read', async () => {
    const { settings } = await scene()
    const wish = { ip_allowlist: ['127.0.0.1', '010.0.0.1', 'home', '10.0.0.0/33'] }
    expect(await faultyFields(settings.update(wish))).toEqual(['ip_allowlist.1', 'ip_allowlist.2', 'ip_allowlist.3'])
  })
  test('that leaves its author out is refused unless they confirm it; of blank lines only it is nobody', async () => {
    const { project, settings } = await scene()
    for (const ip_allowlist of [['10.0.0.0/8'], [], ['', ' ']])
      expect(await codeOf(settings.update({ ip_allowlist }))).toBe('LOCK_OUT')
    expect(await toldOf(world, project, 'settings.changed')).toEqual([])
    expect(await settings.update({ ip_allowlist: ['', ' '], allow_lockout: true })).toMatchObject({ ip_allowlist: [] })
    expect(await settings.update({ ip_allowlist: ['127.0.0.0/8'] })).toMatchObject({ ip_allowlist: ['127.0.0.0/8'] })
  })
  test('reaches what every node knows of a key, of a test key too', async () => {
    const { project, settings } = await scene()
    const keys = [await makeKey(world, project, 'admin'), await makeKey(world, project, 'agent-test')]
    for (const { key } of keys) expect((await actorOfKey(other, key)).projectAllowlist).toBeNull()
    await settings.update({ ip_allowlist: ['127.0.0.1'] })
    await heardAll(other)
    for (const { key } of keys) expect((await actorOfKey(other, key)).projectAllowlist).toEqual(['127.0.0.1'])
  })
})
