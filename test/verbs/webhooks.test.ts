import { ulid } from 'ulid'
import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeKey, makeProject } from '../make.ts'
import { joinProject, makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db
const project = await makeProject(world)
const ana = await makePerson(world, project)
const mine = as(world, ana.actor).webhooks
const url = 'https://hooks.example.com/in?key=canary'

describe('a webhook', () => {
  test('shows its secret once, and keeps address and secret sealed', async () => {
    const made = await mine.create({ url, description: 'Deploys' })
    expect(made).toMatchObject({ url, description: 'Deploys', events: null, enabled: true, rotates_until: null })
    expect(Buffer.from(made.secret.replace('whsec_', ''), 'base64')).toHaveLength(32)
    const { secret, ...shown } = made
    expect(await mine.get({ webhook_id: made.id })).toEqual(shown)
    expect((await mine.list({})).items).toContainEqual(shown)
    const [row] = await sql`select w::text as text, encode(url, 'escape') as url from webhooks w where id = ${made.id}`
    for (const plain of [secret, secret.slice(6), 'canary']) expect(JSON.stringify(row)).not.toContain(plain)
    const told = await sql`select payload::text as text from events where target = ${`webhook:${made.id}`}`
    expect(told).toHaveLength(1)
    expect(JSON.stringify(told)).not.toContain('canary')
  })

  test('changes only what is sent, and tells which fields', async () => {
    const made = await mine.create({ url, description: 'before', events: ['value.set', 'value.set'] })
    expect(made.events).toEqual(['value.set'])
    expect(await mine.update({ webhook_id: made.id, description: 'after' })).toMatchObject({
      url,
      description: 'after',
    })
    const changed = await mine.update({ webhook_id: made.id, url: 'https://other.example.com/', events: null })
    expect(changed).toMatchObject({ url: 'https://other.example.com/', description: 'after', events: null })
    expect(await mine.update({ webhook_id: made.id, enabled: false })).toMatchObject({
      enabled: false,
      disabled_for: 'by_hand',
    })
    expect(await mine.update({ webhook_id: made.id, enabled: true })).toMatchObject({
      enabled: true,
      disabled_for: null,
    })
    expect(await mine.update({ webhook_id: made.id, enabled: true })).toMatchObject({ enabled: true })
    const told = await sql<{ fields: string[] }[]>`
      select payload -> 'fields' as fields from events
      where target = ${`webhook:${made.id}`} and name = 'webhook.changed' order by seq`
    expect(told.map((one) => one.fields)).toEqual([['description'], ['url', 'events'], ['enabled'], ['enabled']])
  })

  test('is gone with its deliveries once it is deleted', async () => {
    const { id } = await mine.create({ url })
    await sql`insert into deliveries (project_id, webhook_id, event_id, event) values (${project.id}, ${id}, 'e', 'x')`
    await mine.delete({ webhook_id: id })
    expect(await codeOf(mine.get({ webhook_id: id }))).toBe('NOT_FOUND')
    expect(await codeOf(mine.delete({ webhook_id: id }))).toBe('NOT_FOUND')
    expect(await sql`select from deliveries where webhook_id = ${id}`).toHaveLength(0)
  })

  test('keeps the secret from before for the grace, and not longer', async () => {
    const { id, secret } = await mine.create({ url })
    const rotated = await mine.rotate({ webhook_id: id })
    expect(rotated.secret).not.toBe(secret)
    const until = Date.parse(rotated.rotates_until ?? '')
    expect(Math.abs(until - Date.now() - 86_400_000)).toBeLessThan(60_000)
    expect((await mine.get({ webhook_id: id })).rotates_until).toBe(rotated.rotates_until)
    await sql`update webhooks set previous_until = now() where id = ${id}`
    expect((await mine.get({ webhook_id: id })).rotates_until).toBeNull()
    expect((await mine.rotate({ webhook_id: id, grace_seconds: 0 })).rotates_until).toBeNull()
    const [row] = await sql`select previous_secret from webhooks where id = ${id}`
    expect(row?.previous_secret).toBeNull()
  })

  test('is one of twenty at most, also when the last one is made twice at once', async () => {
    const full = await makeProject(world)
    const owner = as(world, (await makePerson(world, full)).actor).webhooks
    for (let n = 0; n < 19; n++) await owner.create({ url })
    const ends = await Promise.all([1, 2, 3].map(() => codeOf(owner.create({ url }))))
    expect(ends.sort()).toEqual(['TOO_MANY_WEBHOOKS', 'TOO_MANY_WEBHOOKS', 'done'])
    const first = await owner.list({ limit: 12 })
    const rest = await owner.list({ limit: 12, cursor: first.next_cursor ?? '' })
    expect(new Set([...first.items, ...rest.items].map((one) => one.id)).size).toBe(20)
    expect(rest.next_cursor).toBeNull()
  })

  test.each([
    'http://hooks.example.com/',
    'http://10.0.0.1/',
    'https://10.0.0.1/',
    'https://127.0.0.1:8443/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://hooks.example.com:22/',
    'https://user:word@hooks.example.com/',
    'https://hooks.example.com/#part',
    'ftp://hooks.example.com/',
    'hooks.example.com',
    '',
  ])('does not take the address %s', async (odd) => {
    expect(await faultyFields(mine.create({ url: odd }))).toEqual(['url'])
  })
})

describe('the webhooks of a project', () => {
  test('are for its admins: neither members nor viewers see or change them', async () => {
    const { id: webhook_id } = await mine.create({ url: 'https://hooks.example.com/' })
    const event_id = ulid()
    for (const role of ['VIEWER', 'MEMBER'] as const) {
      const low = as(world, (await makePerson(world, project, role)).actor).webhooks
      const calls = [
        low.list({}),
        low.get({ webhook_id }),
        low.create({ url }),
        low.update({ webhook_id, enabled: false }),
        low.delete({ webhook_id }),
        low.rotate({ webhook_id }),
        low.test({ webhook_id }),
        low.deliveries({ webhook_id }),
        low.delivery({ webhook_id, event_id }),
        low.replay({ webhook_id, event_id }),
        low.replayAll({ webhook_id, since: '2025-01-01T00:00:00.000Z' }),
      ]
      expect(new Set(await Promise.all(calls.map(codeOf)))).toEqual(new Set(['INSUFFICIENT_ROLE']))
    }
  })

  test('are not for keys without the scope, nor for keys that are limited to some paths', async () => {
    const { actor } = await makeKey(world, project, 'write')
    expect(await codeOf(as(world, actor).webhooks.list({}))).toBe('INSUFFICIENT_SCOPE')
    const limited = await makeKey(world, project, 'admin', { keyPaths: ['deploy'] })
    expect(await codeOf(as(world, limited.actor).webhooks.list({}))).toBe('KEY_PATH_NOT_ALLOWED')
    expect(await codeOf(as(world, limited.actor).webhooks.create({ url }))).toBe('KEY_PATH_NOT_ALLOWED')
    const admin = await makeKey(world, project, 'admin')
    expect(await codeOf(as(world, admin.actor).webhooks.list({}))).toBe('done')
  })

  test('are nobody else’s', async () => {
    const { id: webhook_id } = await mine.create({ url: 'https://hooks.example.com/' })
    const other = await makeProject(world)
    const stranger = as(world, (await makePerson(world, other)).actor).webhooks
    const calls = [
      stranger.get({ webhook_id }),
      stranger.update({ webhook_id, enabled: false }),
      stranger.delete({ webhook_id }),
      stranger.rotate({ webhook_id }),
      stranger.test({ webhook_id }),
      stranger.deliveries({ webhook_id }),
      stranger.replayAll({ webhook_id, since: '2025-01-01T00:00:00.000Z' }),
    ]
    expect(new Set(await Promise.all(calls.map(codeOf)))).toEqual(new Set(['NOT_FOUND']))
    await joinProject(world, ana.id, other, 'OWNER')
    expect((await stranger.list({})).items).toEqual([])
  })
})
