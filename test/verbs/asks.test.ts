import { describe, expect, test } from 'vitest'
import { sharedWith } from '../../server/lib/exchange.ts'
import {
  answerOpener,
  askerOpener,
  askPublicKey,
  linkOpener,
  openContent,
  unwrapKey,
} from '../../server/secrets/sealing.ts'
import { as, asVisitor } from '../as.ts'
import { makeAsker, makeKey } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db
const { actor, project, key } = await makeAsker(world)
const visitor = asVisitor(world)
const title = 'The API token of the staging account'

type Wish = Parameters<typeof caller.asks.create>[0]
const caller = as(world, actor)
const person = as(world, (await makePerson(world, project, 'MEMBER')).actor)

/** An ask with the token of its link. */
async function makeAsk(wish: Partial<Wish> = {}) {
  const made = await caller.asks.create({ title, ...wish })
  return { ...made, token: made.url.slice(-26) }
}

/** All that the database has of an ask and its answer. */
type Answer = Record<'id' | 'project_id' | 'epoch_id', string> &
  Record<'ephemeral' | 'data_key' | 'content' | 'public_key' | 'token_digest' | 'answer_digest', Buffer> & {
    key_version: number
  }

const read = (answer_key: string) => caller.secrets.retrieve({ secret_key: answer_key })
const namesOf = async (target: string) =>
  (await sql`select name from events where target = ${target} order by seq`).map(({ name }) => name)

describe('an ask', () => {
  test('is answered by who holds its link and read, once, by who asked', async () => {
    const ask = await makeAsk({ note: 'In the vault of the team.' })
    expect(await visitor.asks.open({ token: ask.token })).toMatchObject({
      ...{ status: 'open', title, note: 'In the vault of the team.', project: project.name, ended_at: null },
      ...{ asked_by: { name: actor.name, type: 'key' }, encrypted_by: 'server', expires_at: ask.expires_at },
    })
    expect(await visitor.secrets.open({ secret_key: ask.answer_key })).toMatchObject({ status: 'asked' })
    expect(await codeOf(read(ask.answer_key))).toBe('UNKNOWN_SECRET')

    const { status, answered_at } = await visitor.asks.answer({ token: ask.token, secret: 'sk_live_ß😀' })
    expect(status).toBe('answered')
    expect(await visitor.asks.open({ token: ask.token })).toMatchObject({ status: 'answered', ended_at: answered_at })
    expect(await visitor.secrets.open({ secret_key: ask.answer_key })).toMatchObject({ status: 'waiting' })
    expect(await read(ask.answer_key)).toEqual({ secret_key: ask.answer_key, value: 'sk_live_ß😀' })
    expect(await codeOf(read(ask.answer_key))).toBe('UNKNOWN_SECRET')
    expect(await namesOf(`ask:${ask.ask_id}`)).toEqual(['ask.created', 'ask.answered'])
    const [told] = await sql`select actor from events where name = 'ask.answered' and target = ${`ask:${ask.ask_id}`}`
    expect(told?.actor).toEqual({ type: 'visitor', id: null, name: 'link holder' })
  })

  test('is answered once: whoever comes second is told, and what they brought is stored nowhere', async () => {
    const ask = await makeAsk()
    const count = async () => (await sql`select count(*)::int as n from secrets`)[0]?.n
    await visitor.asks.answer({ token: ask.token, secret: 'first' })
    const before = await count()
    expect(await codeOf(visitor.asks.answer({ token: ask.token, secret: 'second' }))).toBe('ASK_ENDED')
    expect(await count()).toBe(before)
    expect((await read(ask.answer_key)).value).toBe('first')
  })

  test('shows its link’s holder no key, and its list shows nobody a link', async () => {
    const ask = await makeAsk()
    const shown = JSON.stringify([await visitor.asks.open({ token: ask.token }), await person.asks.list({})])
    for (const text of [ask.token, ask.answer_key]) expect(shown).not.toContain(text)
  })

  test('is found by its link in small letters too, and not by another', async () => {
    const { token } = await makeAsk()
    expect((await visitor.asks.open({ token: token.toLowerCase() })).status).toBe('open')
    expect(await codeOf(visitor.asks.open({ token: '0'.repeat(26) }))).toBe('NOT_FOUND')
    expect(await codeOf(visitor.asks.answer({ token: '0'.repeat(26), secret: 'x' }))).toBe('NOT_FOUND')
  })

  test('ends with its time, also before the sweeper came by', async () => {
    const ask = await makeAsk()
    await sql`update asks set expires_at = now() where id = ${ask.ask_id}`
    const { status, ended_at, expires_at } = await visitor.asks.open({ token: ask.token })
    expect([status, ended_at]).toEqual(['expired', expires_at])
    expect(await codeOf(visitor.asks.answer({ token: ask.token, secret: 'x' }))).toBe('ASK_ENDED')
    expect(await codeOf(person.asks.cancel({ ask_id: ask.ask_id }))).toBe('ASK_ENDED')
  })

  test('keeps times within their bounds', async () => {
    const ask = await makeAsk({ ttl: 1, answer_ttl: 10 ** 9 })
    const [row] = await sql`
      select extract(epoch from expires_at - created_at)::int as ttl, answer_ttl from asks where id = ${ask.ask_id}`
    expect(row).toEqual({ ttl: 60, answer_ttl: 2_592_000 })
    await visitor.asks.answer({ token: ask.token, secret: 'x' })
    const [answer] = await sql`select ttl, memo, key_id from secrets order by id desc limit 1`
    expect(answer).toEqual({ ttl: 2_592_000, memo: title, key_id: null })
  })

  test('wants no mail where none can be sent, and is not made then', async () => {
    const before = (await person.asks.list({ limit: 100 })).items.length
    expect(await codeOf(makeAsk({ notify: 'ana@example.com' }))).toBe('MAIL_OFF')
    expect((await person.asks.list({ limit: 100 })).items).toHaveLength(before)
  })

  test('is made once for each Idempotency-Key, with the same links', async () => {
    const idempotency = { key: 'ask once', credential: key, body: { title } }
    const again = () => as(world, actor, { idempotency }).asks.create({ title })
    const first = await again()
    expect(await again()).toEqual(first)
    expect(await namesOf(`ask:${first.ask_id}`)).toEqual(['ask.created'])
  })

  test('takes a key that may write secrets', async () => {
    const reader = await makeKey(world, project, 'read')
    expect(await codeOf(as(world, reader.actor).asks.create({ title }))).toBe('INSUFFICIENT_SCOPE')
  })
})

describe('an answer', () => {
  test('of 10 000 bytes is taken, and of one more refused with nothing stored and the ask still open', async () => {
    const ask = await makeAsk()
    for (const secret of ['x'.repeat(10_001), '€'.repeat(3334), '', 'a\0b', '\ud800'])
      expect(await faultyFields(visitor.asks.answer({ token: ask.token, secret }))).toEqual(['secret'])
    expect((await visitor.asks.open({ token: ask.token })).status).toBe('open')
    await visitor.asks.answer({ token: ask.token, secret: 'x'.repeat(10_000) })
    expect((await read(ask.answer_key)).value).toBe('x'.repeat(10_000))
  })

  test('to an ask for one that a browser encrypts is base64url and nothing else', async () => {
    const ask = await makeAsk({ encrypted_by: 'browser' })
    expect(await faultyFields(visitor.asks.answer({ token: ask.token, secret: 'in plain' }))).toEqual(['secret'])
    await visitor.asks.answer({ token: ask.token, secret: 'A'.repeat(16_384) })
    expect(await visitor.secrets.open({ secret_key: ask.answer_key })).toMatchObject({ encrypted_by: 'browser' })
  })

  test('has no receipt, and is in no list of what the key shared', async () => {
    const ask = await makeAsk()
    await visitor.asks.answer({ token: ask.token, secret: 'x' })
    const [row] =
      await sql`select metadata_digest, sealed_secret_key, sealed_metadata_key from secrets order by id desc limit 1`
    expect(row).toEqual({ metadata_digest: null, sealed_secret_key: null, sealed_metadata_key: null })
    expect(await caller.secrets.recent({})).toEqual([])
  })

  test('is opened by the asker’s key, and not by the ask’s link with all that the service has', async () => {
    const ask = await makeAsk()
    await visitor.asks.answer({ token: ask.token, secret: 'canary 7219' })
    const [row] = await sql<Answer[]>`
      select s.id, s.project_id, s.epoch_id, s.key_version, s.ephemeral, s.data_key, s.content, a.public_key, a.token_digest,
        a.answer_digest
      from asks a join secrets s on s.id = a.secret_id where a.id = ${ask.ask_id}`
    if (!row) throw new Error('There is no answer.')
    const at = { id: row.id, projectId: row.project_id, epochId: row.epoch_id, keyVersion: row.key_version }
    // World brings the instance's sealing key, its pepper and the epoch's key; the row brings all of the database.
    const opens = async (opener: Uint8Array) => {
      const dataKey = await unwrapKey(world, at, 'data_key', opener, row.data_key)
      return dataKey && openContent(at, dataKey, row.content).toString()
    }
    expect(await opens(askerOpener(at, ask.answer_key, row.ephemeral))).toBe('canary 7219')
    const { token } = ask
    const fresh = answerOpener(at, row.public_key)
    const known = [row.public_key, row.ephemeral, row.token_digest, row.answer_digest]
    for (const opener of [
      await linkOpener(at, token),
      await linkOpener(at, ask.answer_key),
      askerOpener(at, token, row.ephemeral),
      askerOpener(at, token, row.public_key),
      fresh.opener,
      askerOpener(at, token, fresh.ephemeral),
      ...known,
      ...known.map((text) => sharedWith(text.subarray(0, 32), row.ephemeral)),
      ...known.map((text) => sharedWith(text.subarray(0, 32), row.public_key)),
    ])
      expect(await opens(opener)).toBeUndefined()
    expect(askPublicKey(ask.answer_key).equals(row.public_key)).toBe(true)
  })

  test('stands in no row in the clear, nor does a key of its ask', async () => {
    const ask = await makeAsk()
    await visitor.asks.answer({ token: ask.token, secret: 'canary 5519' })
    const [dump] = await sql<{ text: string }[]>`
      select (select string_agg(s::text, ' ') from secrets s) || (select string_agg(a::text, ' ') from asks a)
        || (select string_agg(e::text, ' ') from events e) || coalesce((select string_agg(i::text, ' ') from idempotency i), '')
        as text`
    expect(dump?.text).toContain(ask.ask_id)
    for (const text of ['canary 5519', ask.token, ask.answer_key]) {
      expect(dump?.text).not.toContain(text)
      expect(dump?.text).not.toContain(Buffer.from(text).toString('hex'))
    }
  })
})

describe('in the dashboard', () => {
  test('a person asks, sees where each ask stands, and cancels one', async () => {
    const { project: theirs, actor: program } = await makeAsker(world)
    const ana = await makePerson(world, theirs, 'MEMBER')
    const person = as(world, ana.actor)
    const first = await person.asks.create({ title: 'One' })
    const second = await person.asks.create({ title: 'Two' })
    await visitor.asks.answer({ token: first.url.slice(-26), secret: 'x' })
    await person.asks.cancel({ ask_id: second.ask_id })
    const { items } = await person.asks.list({})
    expect(items).toMatchObject([
      { ask_id: second.ask_id, status: 'cancelled', title: 'Two', secret_id: null },
      { ask_id: first.ask_id, status: 'answered', created_by: { type: 'person', id: ana.id } },
    ])
    expect(items[1]?.secret_id).toMatch(/^[0-9A-Z]{26}$/)
    expect((await person.asks.list({ status: 'cancelled' })).items).toHaveLength(1)
    expect((await person.asks.list({ status: 'open' })).items).toHaveLength(0)
    expect(await codeOf(visitor.asks.answer({ token: second.url.slice(-26), secret: 'x' }))).toBe('ASK_ENDED')
    expect(await namesOf(`ask:${second.ask_id}`)).toEqual(['ask.created', 'ask.cancelled'])
    expect(await codeOf(person.asks.cancel({ ask_id: first.ask_id }))).toBe('ASK_ENDED')
    expect(await codeOf(as(world, program).asks.list({}))).toBe('SIGNED_OUT')
  })

  test('pages go from the newest to the oldest, each ask once', async () => {
    const { project: theirs, actor: program } = await makeAsker(world)
    const ana = await makePerson(world, theirs, 'VIEWER')
    const made = []
    for (let i = 0; i < 5; i++) made.unshift((await as(world, program).asks.create({ title: `${i}` })).ask_id)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await as(world, ana.actor).asks.list({ limit: 2, cursor })
      seen.push(...page.items.map(({ ask_id }) => ask_id))
      cursor = page.next_cursor ?? undefined
    } while (cursor)
    expect(seen).toEqual(made)
    expect(await codeOf(as(world, ana.actor).asks.cancel({ ask_id: made[0] ?? '' }))).toBe('INSUFFICIENT_ROLE')
  })

  test('nobody cancels another project’s ask', async () => {
    const ask = await makeAsk()
    const { project: theirs } = await makeAsker(world)
    const eve = await makePerson(world, theirs, 'OWNER')
    expect(await codeOf(as(world, eve.actor).asks.cancel({ ask_id: ask.ask_id }))).toBe('NOT_FOUND')
    expect((await visitor.asks.open({ token: ask.token })).status).toBe('open')
  })
})
