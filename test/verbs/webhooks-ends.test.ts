import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { clean } from '../../server/jobs/sweep.ts'
import { claim } from '../../server/outbox/delivery.ts'
import { settle } from '../../server/outbox/settling.ts'
import { as } from '../as.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'
import { until } from '../until.ts'
import { delivering, hurry, inside, type Receiver, receiver } from '../webhooks.ts'

const world = await testWorld(inside)
const { sql } = world.db
delivering(world)

/** A project that happens much in, and a webhook of it. */
async function told(to: Receiver) {
  const project = await makeProject(world)
  const ana = await makePerson(world, project)
  const { actor } = await makeKey(world, project)
  const mine = as(world, ana.actor).webhooks
  const made = await mine.create({ url: to.url, events: ['value.set'] })
  const set = (key_path = 'a/b') => as(world, actor).values.put({ key_path, value: 'x' })
  return { project, mine, made, set, webhook_id: made.id }
}
const ended = async (webhookId: string) => {
  const [row] =
    await sql`select count(*)::int as n from deliveries where webhook_id = ${webhookId} and ended_at is not null`
  return row?.n
}

describe('a webhook is switched off', () => {
  test('at once when it answers 410, with what waits for it, and others are told', async () => {
    const [to, witness] = [await receiver(), await receiver()]
    const { mine, set, webhook_id } = await told(to)
    await mine.create({ url: witness.url, events: ['webhook.disabled'] })
    to.answer(500)
    await set()
    await until(async () => to.got.length === 1)
    to.answer(410)
    await set()
    await until(async () => (await mine.get({ webhook_id })).disabled_for === 'gone')
    await until(async () => (await ended(webhook_id)) === 2)
    await until(async () => witness.got.length === 1)
    expect(JSON.parse(witness.got[0]?.body ?? '')).toMatchObject({ data: { webhook_id, reason: 'gone' } })
    const before = to.got.length
    await set()
    expect(await codeOf(mine.replayAll({ webhook_id, since: '2025-01-01T00:00:00.000Z' }))).toBe('WEBHOOK_DISABLED')
    expect(to.got.length).toBe(before)
  })

  test('after five days in which every try failed, and not before', async () => {
    const to = await receiver()
    to.answer(500)
    const { mine, set, webhook_id } = await told(to)
    await set()
    await until(async () => (await mine.get({ webhook_id })).failing_since !== null)
    await sql`update webhooks set failing_since = now() - interval '4 days 23 hours' where id = ${webhook_id}`
    await hurry(world)
    await until(async () => to.got.length === 2)
    await until(
      async () => (await sql`select from deliveries where webhook_id = ${webhook_id} and attempts = 2`).length === 1,
    )
    expect((await mine.get({ webhook_id })).enabled).toBe(true)
    await sql`update webhooks set failing_since = now() - interval '5 days 1 minute' where id = ${webhook_id}`
    await hurry(world)
    await until(async () => (await mine.get({ webhook_id })).disabled_for === 'failing')
    const rows =
      await sql`select payload from events where name = 'webhook.disabled' and target = ${`webhook:${webhook_id}`}`
    expect(rows).toMatchObject([{ payload: { reason: 'failing' } }])
  })

  test('by hand, and once it is on again all that it missed can be sent', async () => {
    const to = await receiver()
    const { mine, set, webhook_id } = await told(to)
    await set()
    await until(async () => (await ended(webhook_id)) === 1)
    await mine.update({ webhook_id, enabled: false })
    for (let n = 0; n < 3; n++) await set()
    await until(
      async () =>
        (
          await sql`select from outbox o where (o.tick, o.seq) >= (
      select e.tick, e.seq from events e where e.name = 'value.set' order by e.tick desc, e.seq desc limit 1)`
        ).length === 1,
    )
    expect(to.got).toHaveLength(1)
    await mine.update({ webhook_id, enabled: true })
    expect(await mine.replayAll({ webhook_id, since: '2025-01-01T00:00:00.000Z' })).toMatchObject({
      events: 4,
      more: false,
    })
    await until(async () => to.got.length === 5)
    expect(new Set(to.ids()).size).toBe(4)
  })
})

describe('a replay', () => {
  test('sends one event again under the same id with the same body, with all its tries anew', async () => {
    const to = await receiver()
    to.answer(500)
    const { mine, set, webhook_id } = await told(to)
    await set()
    await until(
      async () => (await sql`select from deliveries where webhook_id = ${webhook_id} and attempts = 1`).length === 1,
    )
    await sql`update deliveries set attempts = 12, earlier = 0, status = 'failed', ended_at = now() where webhook_id = ${webhook_id} and attempts = 1`
    await until(async () => (await mine.deliveries({ webhook_id })).items[0]?.status === 'failed')
    const [item] = (await mine.deliveries({ webhook_id })).items
    const event_id = item?.event_id ?? ''
    expect(await mine.replay({ webhook_id, event_id })).toMatchObject({ status: 'waiting', event_id })
    await until(async () => (await mine.delivery({ webhook_id, event_id })).attempts === 13)
    expect((await mine.delivery({ webhook_id, event_id })).status).toBe('waiting')
    to.answer(204)
    await mine.replay({ webhook_id, event_id })
    await until(async () => (await mine.delivery({ webhook_id, event_id })).status === 'delivered')
    expect(new Set(to.ids())).toEqual(new Set([event_id]))
    expect(new Set(to.got.map((one) => one.body)).size).toBe(1)
    expect(await codeOf(mine.replay({ webhook_id, event_id: '0'.repeat(26) }))).toBe('NOT_FOUND')
  })

  test('sends what happened before the webhook existed, in that time, and only what it wants', async () => {
    const to = await receiver()
    const { mine, set, project, webhook_id } = await told(await receiver())
    for (let n = 0; n < 5; n++) await set(`early/${n}`)
    const all = await sql<{ id: string; at: Date }[]>`
      select id, at from events where project_id = ${project.id} and name = 'value.set' order by seq`
    // What is handed out after a webhook was made goes to it as well.
    await until(async () => (await ended(webhook_id)) === 5)
    const late = await mine.create({ url: to.url, events: ['value.set'] })
    const until_ = new Date(Date.now() + 60_000).toISOString()
    const asked = { webhook_id: late.id, since: '2025-01-01T00:00:00.000Z' }
    expect(await mine.replayAll({ ...asked, until: '2025-02-01T00:00:00.000Z' })).toEqual({
      events: 0,
      through: null,
      more: false,
    })
    expect(await mine.replayAll({ ...asked, failed_only: true })).toMatchObject({ events: 0 })
    expect(await mine.replayAll({ ...asked, until: until_ })).toEqual({
      events: 5,
      through: all.at(-1)?.at.toISOString(),
      more: false,
    })
    await until(async () => to.got.length === 5)
    expect(to.ids().sort()).toEqual(all.map((one) => one.id).sort())
    // What is being sent at this moment is not sent a second time.
    await until(async () => (await ended(late.id)) === 5)
    expect(await codeOf(mine.replay({ webhook_id: late.id, event_id: all[0]?.id ?? '' }))).toBe('done')
    await until(async () => to.got.length === 6)
  })

  test('of what failed sends that and nothing else, and no test', async () => {
    const to = await receiver()
    const { mine, set, webhook_id } = await told(to)
    await set()
    await until(async () => to.got.length === 1)
    to.answer(500)
    await mine.test({ webhook_id })
    await set()
    await until(async () => to.got.length === 3)
    await until(
      async () => (await sql`select from deliveries where webhook_id = ${webhook_id} and attempts = 1`).length === 3,
    )
    await sql`update deliveries set status = 'failed', ended_at = now() where webhook_id = ${webhook_id} and status = 'waiting'`
    to.answer(204)
    const asked = { webhook_id, since: '2025-01-01T00:00:00.000Z', failed_only: true }
    expect(await mine.replayAll(asked)).toMatchObject({ events: 1 })
    await until(async () => to.got.length === 4)
    await until(async () => (await ended(webhook_id)) === 3)
    expect(await mine.replayAll(asked)).toMatchObject({ events: 0, through: null })
  })
})

describe('a test', () => {
  test('answers what came back, is signed by both secrets of a rotation, and is not tried again', async () => {
    const to = await receiver()
    const { mine, made, webhook_id } = await told(to)
    const { secret } = await mine.rotate({ webhook_id })
    expect(await mine.test({ webhook_id })).toMatchObject({ delivered: true, status: 204, error: null })
    const [got] = to.got
    for (const one of [made.secret, secret])
      expect(new Webhook(one).verify(got?.body ?? '', got?.headers as Record<string, string>)).toMatchObject({
        type: 'webhook.test',
        data: { webhook_id },
      })
    expect(String(got?.headers['webhook-signature']).split(' ')).toHaveLength(2)
    to.answer(500)
    const failed = await mine.test({ webhook_id })
    expect(failed).toMatchObject({ delivered: false, status: 500, error: 'STATUS' })
    expect(await mine.delivery({ webhook_id, event_id: failed.event_id })).toMatchObject({
      status: 'failed',
      attempts: 1,
    })
    await mine.rotate({ webhook_id, grace_seconds: 0 })
    await mine.test({ webhook_id })
    expect(() =>
      new Webhook(secret).verify(to.got[2]?.body ?? '', to.got[2]?.headers as Record<string, string>),
    ).toThrow()
    await to.close()
    expect(await mine.test({ webhook_id })).toMatchObject({ delivered: false, status: null, error: 'REFUSED' })
    expect(await sql`select from events where name = 'webhook.tested' and id = ${failed.event_id}`).toHaveLength(1)
  })
})

describe('deliveries', () => {
  test('to one that hangs hold up nobody else', async () => {
    const [hangs, quick] = [await receiver(), await receiver()]
    hangs.answer(() => undefined)
    const { set, mine } = await told(hangs)
    for (let n = 0; n < 40; n++) await set()
    await until(async () => hangs.got.length === 4)
    const { id: webhook_id } = await mine.create({ url: quick.url, events: ['value.set'] })
    for (let n = 0; n < 40; n++) await set()
    await until(async () => (await ended(webhook_id)) === 40)
    expect(hangs.got).toHaveLength(4)
    hangs.answer(204)
    await hangs.close()
  })

  test('are taken by one node at a time, and a verdict that comes too late changes nothing', async () => {
    // Nobody delivers here but this test.
    const quiet = await testWorld(inside)
    const db = quiet.db.sql
    const project = await makeProject(quiet)
    const mine = as(quiet, (await makePerson(quiet, project)).actor).webhooks
    const { id } = await mine.create({ url: 'https://hooks.example.com/' })
    await db`insert into deliveries (project_id, webhook_id, event_id, event)
      select ${project.id}, ${id}, 'e' || n, 'value.set' from generate_series(1, 30) as n`
    const at = { each: 20, busy: new Map([[id, 5]]) }
    const taken = (await Promise.all([1, 2, 3].map(() => claim(db, 12, at)))).flat()
    expect(new Set(taken.map((one) => one.id)).size).toBe(taken.length)
    expect(await claim(db, 32, { each: 4, busy: new Map([[id, 4]]) })).toEqual([])
    const [first] = taken
    if (!first) throw new Error('Nothing was taken.')
    await settle(quiet, first, { ok: true, status: 204 }, 1)
    await settle(quiet, first, { ok: false, code: 'TIMEOUT' }, 1)
    expect(await db`select status, attempts from deliveries where id = ${first.id}`).toMatchObject([
      { status: 'delivered', attempts: 1 },
    ])
    // Whoever took the others died; what they hold is free after a minute.
    await claim(db, 50, { each: 50, busy: new Map() })
    expect(await claim(db, 50, { each: 50, busy: new Map() })).toEqual([])
    await db`update deliveries set leased_until = leased_until - interval '60 s'`
    expect(await claim(db, 50, { each: 50, busy: new Map() })).toHaveLength(29)
  })

  test('are forgotten 30 days after they ended, with their tries', async () => {
    const to = await receiver()
    const { mine, set, webhook_id } = await told(to)
    await set()
    await set()
    await until(async () => (await ended(webhook_id)) === 2)
    const [first] = await sql`
      update deliveries set ended_at = now() - interval '30 days' where id = (
        select min(id) from deliveries where webhook_id = ${webhook_id}) returning id`
    await clean(world)
    expect((await mine.deliveries({ webhook_id })).items).toHaveLength(1)
    expect(await sql`select from attempts where delivery_id = ${first?.id}`).toHaveLength(0)
  })
})
