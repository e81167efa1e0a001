import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { handOut } from '../../server/outbox/fanout.ts'
import type { Project } from '../../server/projects/project.ts'
import { twinOf } from '../../server/projects/project.ts'
import { askPermission, makeAgent } from '../agents.ts'
import { as } from '../as.ts'
import { makeApproval, makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { testWorld } from '../serve.ts'
import { until } from '../until.ts'
import { delivering, hurry, inside, type Receiver, receiver } from '../webhooks.ts'

const world = await testWorld(inside)
const { sql } = world.db
delivering(world)

type Wish = { events?: ['value.set'] | null; path?: string }

/** A project with a webhook of its own that goes to `to`, and a key that makes things happen in it. */
async function told(to: Receiver, { events = ['value.set'], path = '' }: Wish = {}) {
  const project = await makeProject(world)
  const ana = await makePerson(world, project)
  const { actor } = await makeKey(world, project)
  const mine = as(world, ana.actor).webhooks
  const made = await mine.create({ url: to.url + path, events })
  const set = (key_path = 'a/b', value = 'a very secret value') => as(world, actor).values.put({ key_path, value })
  return { project, ana, actor, mine, made, set, webhook_id: made.id }
}

const statuses = async (webhookId: string) => {
  const rows = await sql<
    { status: string }[]
  >`select status from deliveries where webhook_id = ${webhookId} order by id`
  return rows.map((row) => row.status)
}

describe('an event', () => {
  test('is delivered with the id of its audit row, signed, and without any value', async () => {
    const to = await receiver()
    const { project, made, set } = await told(to)
    await set()
    await until(async () => to.got.length === 1)
    const [got] = to.got
    expect(got?.headers).toMatchObject({ 'content-type': 'application/json' })
    const said = new Webhook(made.secret).verify(got?.body ?? '', got?.headers as Record<string, string>)
    const [event] = await sql`select id, at from events where name = 'value.set' and project_id = ${project.id}`
    expect(got?.id).toBe(event?.id)
    expect(said).toMatchObject({
      type: 'value.set',
      timestamp: event?.at.toISOString(),
      data: { project_id: project.id, key_path: 'a/b', version: 1, target: 'value:a/b', actor: { type: 'key' } },
    })
    expect(said).toHaveProperty('audit_head')
    expect(got?.body).not.toContain('secret value')
  })

  test('is not delivered to who wants other events, to another project, or to the webhook that it is about', async () => {
    const [to, all, elsewhere] = [await receiver(), await receiver(), await receiver()]
    const { mine, webhook_id, set, ana } = await told(to)
    await told(elsewhere, { events: null })
    const whole = await mine.create({ url: all.url })
    await mine.update({ webhook_id: whole.id, description: 'of itself' })
    await mine.update({ webhook_id, description: 'of another' })
    await makeApproval(world, (await makeKey(world, { id: ana.actor.projectId, name: '' })).actor)
    await set()
    // They come in any order.
    const heard = () => all.got.map((one) => JSON.parse(one.body))
    const wanted = ['webhook.changed', 'approval.created', 'value.set']
    await until(async () => to.got.length === 1 && wanted.every((type) => heard().some((one) => one.type === type)))
    expect(heard().filter((one) => one.data.target === `webhook:${whole.id}`)).toEqual([])
    expect(elsewhere.got.filter((one) => one.body.includes(ana.actor.projectId))).toEqual([])
  })

  test('of test objects and of the demo is delivered to nobody', async () => {
    const to = await receiver()
    const { project, mine, webhook_id, set } = await told(to, { events: null })
    const twin: Project = { id: await twinOf(sql, project.id), name: '' }
    const tester = await makeAgent(world, project, { env: 'test' })
    await askPermission(world, tester.actor)
    const [throwaway] = await sql<Project[]>`
      insert into projects (id, name, purge_at) values ('01ARZ3NDEKTSV4RRFFQ69G5FAV', 'demo', now() + interval '1 hour')
      returning id, name`
    await sql`insert into webhooks (id, project_id, description, url, secret, generation, created_by)
      select ${'01ARZ3NDEKTSV4RRFFQ69G5FAW'}, ${throwaway?.id ?? ''}, '', url, secret, generation, created_by
      from webhooks where id = ${webhook_id}`
    await sql`insert into webhooks (id, project_id, description, url, secret, generation, created_by)
      select ${'01ARZ3NDEKTSV4RRFFQ69G5FAX'}, ${twin.id}, '', url, secret, generation, created_by
      from webhooks where id = ${webhook_id}`
    const demo = await makeKey(world, throwaway ?? twin)
    await as(world, demo.actor).values.put({ key_path: 'demo', value: 'x' })
    await set()
    await until(async () => to.got.some((one) => one.body.includes('value.set')))
    const rows = await sql`select from deliveries where project_id in (${twin.id}, ${throwaway?.id ?? ''})`
    expect(rows).toHaveLength(0)
    expect(
      (await sql`select from events where project_id in (${twin.id}, ${throwaway?.id ?? ''})`).length,
    ).toBeGreaterThan(1)
    await mine.delete({ webhook_id })
  })

  test('that commits after a later one is handed out nevertheless', async () => {
    const to = await receiver()
    const { project, set, actor } = await told(to)
    let go = () => {}
    const late = new Promise<void>((resolve) => {
      go = resolve
    })
    const slow = world.db.sql.begin(async (tx) => {
      await tx`insert into events (id, project_id, name, actor, target, payload, request_id, ip, user_agent, mac)
        values ('01ARZ3NDEKTSV4RRFFQ69G5FB0', ${project.id}, 'value.set', ${tx.json({ type: 'key', id: actor.id, name: 'k' })},
          'value:late', ${tx.json({ key_path: 'late', version: 1 })}, 'r', '', null, ${Buffer.alloc(32)})`
      await late
    })
    await set('early')
    for (let n = 0; n < 3; n++) await handOut(world)
    go()
    await slow
    await until(async () => to.got.length === 2)
    expect(new Set(to.got.map((one) => JSON.parse(one.body).data.key_path))).toEqual(new Set(['early', 'late']))
  })
})

describe('a delivery that fails', () => {
  test('is tried again under the same id with the same body, later and later, and then given up', async () => {
    const to = await receiver()
    to.answer(500)
    const { mine, set, webhook_id } = await told(to)
    await set()
    const waits: number[] = []
    for (let tries = 1; tries <= 12; tries++) {
      await until(async () => {
        const [row] = await sql`select attempts from deliveries where webhook_id = ${webhook_id}`
        return row?.attempts === tries
      })
      const [row] = await sql<{ wait: number }[]>`
        select extract(epoch from next_at - now())::float8 as wait from deliveries where webhook_id = ${webhook_id}`
      waits.push(row?.wait ?? 0)
      await hurry(world)
    }
    const wanted = [5, 30, 120, 600, 3600, 10_800, 28_800, 57_600, 86_400, 86_400, 86_400]
    wanted.forEach((seconds, at) => {
      expect(waits[at]).toBeGreaterThan(seconds * 0.79 - 3)
      expect(waits[at]).toBeLessThan(seconds * 1.21)
    })
    const { items } = await mine.deliveries({ webhook_id })
    expect(items).toMatchObject([
      { status: 'failed', attempts: 12, next_at: null, last_status: 500, last_error: 'STATUS' },
    ])
    expect(new Set(to.ids()).size).toBe(1)
    expect(new Set(to.got.map((one) => one.body)).size).toBe(1)
    expect((await mine.get({ webhook_id })).failing_since).not.toBeNull()
  })

  test('waits as long as the receiver asks, up to a day', async () => {
    const to = await receiver()
    const { set, webhook_id } = await told(to)
    for (const [asked, seconds] of [
      ['7200', 7200],
      ['999999', 86_400],
      [new Date(Date.now() + 3_600_000).toUTCString(), 3600],
      ['soon', 5],
    ] as const) {
      to.answer((reply) => reply.writeHead(503, { 'retry-after': asked }).end('later'))
      await sql`delete from deliveries`
      const before = to.got.length
      await set()
      await until(async () => (await sql`select from deliveries where attempts = 1`).length === 1)
      const [row] = await sql<{ wait: number }[]>`
        select extract(epoch from next_at - now())::float8 as wait from deliveries where webhook_id = ${webhook_id}`
      expect(row?.wait).toBeGreaterThan(seconds * 0.79 - 4)
      expect(row?.wait).toBeLessThan(seconds * 1.21)
      expect(to.got.length).toBe(before + 1)
    }
  })

  test('is told of with status, time and the beginning of the reply', async () => {
    const to = await receiver()
    to.answer((reply) => reply.writeHead(500).end(`\0é${'x'.repeat(5000)}`))
    const { mine, set, webhook_id } = await told(to)
    await set()
    await until(
      async () =>
        (
          await sql`select from attempts a join deliveries d on d.id = a.delivery_id
      where d.webhook_id = ${webhook_id}`
        ).length === 1,
    )
    to.answer(302)
    await hurry(world)
    await until(async () => to.got.length === 2)
    to.answer(200)
    await until(
      async () => (await sql`select from deliveries where webhook_id = ${webhook_id} and attempts = 2`).length === 1,
    )
    await hurry(world)
    await until(async () => (await statuses(webhook_id))[0] === 'delivered')
    const { items } = await mine.deliveries({ webhook_id, status: 'delivered', event: 'value.set' })
    const one = await mine.delivery({ webhook_id, event_id: items[0]?.event_id ?? '' })
    expect(one.tries).toMatchObject([
      { number: 1, status: 500, error: 'STATUS' },
      { number: 2, status: 302, error: 'REDIRECT' },
      { number: 3, status: 200, error: null },
    ])
    expect(one.tries[0]?.response).toMatch(/^éx+$/)
    expect(Buffer.byteLength(one.tries[0]?.response ?? '')).toBe(2048)
    expect(one.body).toBe(to.got[0]?.body)
    expect((await mine.deliveries({ webhook_id, status: 'failed' })).items).toEqual([])
    expect((await mine.get({ webhook_id })).failing_since).toBeNull()
  })
})
