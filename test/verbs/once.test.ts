import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { asker, type Reply } from '../http.ts'
import { makeAsker, makeKey } from '../make.ts'
import { serve } from '../serve.ts'
import { often } from '../thorough.ts'

const { url, world } = await serve()
const { project, key } = await makeAsker(world)
const ask = asker(url)

const wish = { key_path: 'once/prod', value: 'yes', pin: 'generate', match_number: true }
const create = (name: string, { as = key, body = wish as object | string, path = '/v1/approvals' } = {}) =>
  ask('POST', path, { key: as, body, headers: { 'idempotency-key': name, 'content-type': 'application/json' } })
const rows = async () => (await world.db.sql`select count(*)::int as n from approvals`)[0]?.n

/** Repeats while the first one is in flight, as a client does. */
async function insist(name: string): Promise<Reply> {
  for (;;) {
    const reply = await create(name)
    if (reply.status !== 409) return reply
    expect(reply).toMatchObject({ body: { code: 'IDEMPOTENCY_IN_FLIGHT' }, headers: { 'retry-after': '1' } })
  }
}

const batches = often(5, 20)

test(`${batches * 10} keys with 8 duplicates at once make as many approvals, and each reply is the same to the byte`, async () => {
  const before = await rows()
  for (let batch = 0; batch < batches; batch++) {
    const names = Array.from({ length: 10 }, (_, i) => `dup ${batch}.${i}`)
    const replies = await Promise.all(
      names.flatMap((name) => Array.from({ length: 8 }, () => insist(name).then((reply) => ({ name, reply })))),
    )
    for (const name of names) {
      const same = replies.filter((one) => one.name === name).map((one) => one.reply)
      expect(new Set(same.map((reply) => reply.text)).size).toBe(1)
      expect(same.map((reply) => reply.status)).toEqual(Array(8).fill(201))
      expect(same.filter((reply) => reply.headers['idempotency-replayed'] === 'true')).toHaveLength(7)
      expect(same[0]?.body.pin).toMatch(/^\d{6}$/)
    }
  }
  expect((await rows()) - before).toBe(batches * 10)
})

test('a client whose connection broke before the reply finds out by asking again, and there is one approval', async () => {
  const before = await rows()
  const broken = often(20, 50)
  for (let i = 0; i < broken; i++) {
    const body = JSON.stringify(wish)
    const lost = connect(Number(new URL(url).port), '127.0.0.1')
    const head = `host: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\nidempotency-key: lost ${i}`
    lost.write(`POST /v1/approvals HTTP/1.1\r\n${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    await sleep(i % 20)
    lost.destroy()
    const [first, second] = [await insist(`lost ${i}`), await insist(`lost ${i}`)]
    expect(first.status).toBe(201)
    expect(second.text).toBe(first.text)
  }
  expect((await rows()) - before).toBe(broken)
})

test('another body under the same key is refused and makes nothing', async () => {
  await create('body')
  const before = await rows()
  for (const body of [
    { ...wish, value: 'no' },
    { ...wish, ttl_seconds: 600 },
    { key_path: 'a', value: 'x' },
  ])
    expect(await create('body', { body })).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } })
  const shuffled = { match_number: true, pin: 'generate', value: 'yes', key_path: 'once/prod' }
  expect((await create('body', { body: shuffled })).headers['idempotency-replayed']).toBe('true')
  expect((await create('body', { path: '/api/v1/approvals' })).headers['idempotency-replayed']).toBe('true')
  expect(await rows()).toBe(before)
})

test('while the first is in flight a second is told so at once', async () => {
  let release = () => {}
  const held = world.db.sql.begin(async (tx) => {
    await tx`lock table approvals in exclusive mode`
    await new Promise<void>((resolve) => {
      release = resolve
    })
  })
  while (!(await locked())) await new Promise((resolve) => setTimeout(resolve, 10))
  const first = create('flight')
  while ((await waiting()) === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  const second = await create('flight')
  release()
  await held
  expect(second).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_IN_FLIGHT' } })
  expect((await first).status).toBe(201)
  expect((await create('flight')).text).toBe((await first).text)
})
const locked = async () =>
  (await world.db.sql`select 1 from pg_locks where mode = 'ExclusiveLock' and relation = 'approvals'::regclass`)
    .length > 0
const waiting = async () =>
  (await world.db.sql`select 1 from pg_locks where not granted and relation = 'approvals'::regclass`).length

test('a refused request keeps nothing: the key is free for the corrected one', async () => {
  const bodies = [
    { key_path: '..', value: 'x' },
    '{"key_path":"a","value":"\\ud800"}',
    '{"key_path":"a","value":"x","payload":{"n":1e999}}',
  ]
  for (const body of bodies) expect(await create('refused', { body })).toMatchObject({ status: 400 })
  expect((await create('refused')).status).toBe(201)
})

test('the kept replies show no PIN, no number and no link, and open only with the text of the API key', async () => {
  const made = await Promise.all(Array.from({ length: 20 }, (_, i) => create(`sealed ${i}`)))
  const [{ dump } = { dump: '' }] = await world.db.sql<{ dump: string }[]>`
    select string_agg(encode(reply, 'escape') || encode(slot, 'escape') || operation, '') as dump from idempotency`
  const [{ all } = { all: '' }] = await world.db.sql<
    { all: string }[]
  >`select string_agg(i::text, '') as all from idempotency i`
  for (const { body } of made) {
    for (const secret of [String(body.url).slice(-26), `"pin":"${body.pin}"`, String(body.approval_id), key])
      for (const text of [dump, all]) expect(text).not.toContain(secret)
    expect(all).not.toContain(Buffer.from(String(body.url).slice(-26)).toString('hex'))
  }
})

test('is scoped to the API key', async () => {
  const { key: second } = await makeKey(world, project)
  const [mine, theirs] = [await create('scoped'), await create('scoped', { as: second })]
  expect([mine.status, theirs.status]).toEqual([201, 201])
  expect(theirs.body.approval_id).not.toBe(mine.body.approval_id)
  expect(theirs.headers['idempotency-replayed']).toBeUndefined()
})

test('is kept 24 hours by the database’s clock, then forgotten', async () => {
  const { body } = await create('day')
  const [kept] = await world.db.sql`
    select extract(epoch from max(expires_at) - now())::float8 as seconds from idempotency`
  expect(Math.abs(kept?.seconds - 86_400)).toBeLessThan(60)
  await world.db.sql`update idempotency set expires_at = now()`
  const later = await create('day')
  expect(later.status).toBe(201)
  expect(later.body.approval_id).not.toBe(body.approval_id)
})

test('a key beyond 255 printable characters is refused by name', async () => {
  for (const name of ['k'.repeat(256), '\u00e9'])
    expect(await create(name)).toMatchObject({ status: 400, body: { issues: [{ path: 'Idempotency-Key' }] } })
  expect((await create('k'.repeat(255))).status).toBe(201)
})
