import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newId } from '../../server/lib/id.ts'
import { newDataKey, openContent, openNotify, sealContent } from '../../server/secrets/sealing.ts'
import { wrapGeneration } from '../../server/vault.ts'
import { contract } from '../../shared/contract/index.ts'
import { as, asVisitor } from '../as.ts'
import { toldOf } from '../invited.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld, worldAt } from '../serve.ts'
import { often } from '../thorough.ts'

const world = await testWorld()
/** Another node, with mail. */
const mailing = await worldAt(world.address, { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'a@example.com' })
const { sql } = world.db

async function scene() {
  const project = await makeProject(world)
  const { actor, key, id } = await makeKey(world, project)
  return { project, actor, key, id, secrets: as(world, actor, { keyText: key }).secrets }
}

const stored = async (projectId: string) =>
  (await sql<{ n: number }[]>`select count(*)::int as n from secrets where project_id = ${projectId}`)[0]?.n

const part = /^[0-9a-z]{31}$/

describe('secrets.share', () => {
  test('answers seed 4’s fields, as integers, and stores neither the text nor a key of it', async () => {
    const { project, secrets } = await scene()
    const made = await secrets.share({ secret: 'Canary-8c1f', ttl: 3600 })
    const now = Math.floor(Date.now() / 1000)
    expect(made).toEqual({
      custid: 'write key',
      metadata_key: expect.stringMatching(part),
      secret_key: expect.stringMatching(part),
      ttl: 3600,
      metadata_ttl: 7200,
      secret_ttl: 3600,
      state: 'new',
      created: expect.any(Number),
      updated: made.created,
      recipient: [],
      passphrase_required: false,
    })
    expect(made.metadata_key).not.toBe(made.secret_key)
    expect(Math.abs(made.created - now)).toBeLessThan(30)
    const [row] = await sql`select s::text as all from secrets s where project_id = ${project.id}`
    for (const text of ['Canary-8c1f', made.secret_key, made.metadata_key])
      for (const form of [String(text), Buffer.from(String(text)).toString('hex')]) expect(row?.all).not.toContain(form)
    expect(await toldOf(world, project, 'secret.created')).toEqual([
      { secret_id: expect.any(String), encrypted_by: 'server', ttl: 3600, passphrase: false, file: false },
    ])
  })
  test('takes the user name of HTTP Basic as custid, and refuses one that cannot be kept', async () => {
    const { project, actor } = await scene()
    const named = (userName: string) => as(world, actor, { userName }).secrets.share({ secret: 'x' })
    expect(await named('USERNAME')).toMatchObject({ custid: 'USERNAME' })
    expect(await named('')).toMatchObject({ custid: 'write key' })
    for (const bad of ['a\0b', 'x'.repeat(201)]) expect(await faultyFields(named(bad))).toEqual(['Authorization'])
    expect(await stored(project.id)).toBe(2)
  })
  test.each([
    [undefined, 604_800],
    [3600, 3600],
    [90.9, 90],
    [0, 60],
    [-5, 60],
    [59, 60],
    [2_592_000, 2_592_000],
    [2_592_001, 2_592_000],
    [1e300, 2_592_000],
  ])('clamps a ttl of %s to %s, and says so', async (ttl, expected) => {
    const { secrets } = await scene()
    const made = await secrets.share({ secret: 'x', ...(ttl === undefined ? {} : { ttl }) })
    expect(made).toMatchObject({ ttl: expected, secret_ttl: expected, metadata_ttl: 2 * expected })
  })
  test('keeps 10 000 bytes and a passphrase of 1 000 characters, and stores nothing of one more', async () => {
    const { project, secrets } = await scene()
    for (const unit of ['x', 'é', '€', '🔑'])
      expect(await codeOf(secrets.share({ secret: unit.repeat(10_000 / Buffer.byteLength(unit) - 1) }))).toBe('done')
    expect(await codeOf(secrets.share({ secret: 'x'.repeat(10_000) }))).toBe('done')
    expect(await codeOf(secrets.share({ secret: 'x', passphrase: '🔑'.repeat(1000) }))).toBe('done')
    const before = await stored(project.id)
    for (const secret of [
      'x'.repeat(10_001),
      `${'é'.repeat(5000)}x`,
      '🔑'.repeat(2501),
      '',
      'a\0b',
      'a\ud800b',
      '\udfff',
    ])
      expect(await faultyFields(secrets.share({ secret }))).toEqual(['secret'])
    for (const passphrase of ['x'.repeat(1001), '🔑'.repeat(1001), 'a\0', '\ud800'])
      expect(await faultyFields(secrets.share({ secret: 'x', passphrase }))).toEqual(['passphrase'])
    expect(await stored(project.id)).toBe(before)
  })
  test('takes empty texts as none', async () => {
    const { secrets } = await scene()
    const made = await secrets.share({ secret: 'x', passphrase: '', recipient: '', notify: '' })
    expect(made).toMatchObject({ passphrase_required: false, recipient: [] })
    expect(await secrets.retrieve({ secret_key: String(made.secret_key) })).toMatchObject({ value: 'x' })
  })
  test.each([
    ['two with a comma', 'a@example.com,b@example.com'],
    ['two with a semicolon', 'a@example.com; b@example.com'],
    ['two with a space', 'a@example.com b@example.com'],
    ['a header after a line break', 'a@example.com\r\nBcc: b@example.com'],
    ['a header after a bare line feed', 'a@example.com\nSubject: x'],
    ['a name with an address', '"A" <a@example.com>'],
    ['no address', 'a'],
    ['an encoded line break', 'a@example.com%0d%0aBcc:b@example.com'],
  ])('refuses as recipient %s, and stores nothing', async (_, recipient) => {
    const { project, actor } = await scene()
    const { secrets } = as(mailing, actor)
    for (const wish of [{ recipient }, { notify: recipient }])
      expect(await faultyFields(secrets.share({ secret: 'x', ...wish }))).toEqual(Object.keys(wish))
    expect(await faultyFields(secrets.generate({ recipient }))).toEqual(['recipient'])
    expect(await stored(project.id)).toBe(0)
    const [jobs] = await sql`select count(*)::int as n from graphile_worker.jobs`
    expect(jobs).toEqual({ n: 0 })
  })
  test('says of several recipients that it takes one', async () => {
    const { secrets } = await scene()
    await expect(secrets.share({ secret: 'x', recipient: 'a@example.com,b@example.com' })).rejects.toThrow(
      'Takes one e-mail address; make a secret for each recipient.',
    )
  })
  test('refuses recipient and notify where no mail can be sent, and stores nothing', async () => {
    const { project, secrets } = await scene()
    for (const wish of [{ recipient: 'a@example.com' }, { notify: 'a@example.com' }]) {
      expect(await codeOf(secrets.share({ secret: 'x', ...wish }))).toBe('MAIL_OFF')
      expect(await codeOf(secrets.generate(wish))).toBe('MAIL_OFF')
    }
    expect(await stored(project.id)).toBe(0)
  })
  test('shows and keeps the recipient only in part, seals whom to tell, and queues one mail in the same commit', async () => {
    const { project, actor } = await scene()
    const { secrets } = as(mailing, actor)
    const jobs = async () => (await sql`select count(*)::int as n from graphile_worker.jobs`)[0]?.n
    const before = await jobs()
    const made = await secrets.share({ secret: 'x', recipient: ' Ana.Silva@Example.com ', notify: 'maker@example.com' })
    expect(made.recipient).toEqual(['a***@example.com'])
    expect(await jobs()).toBe(Number(before) + 1)
    const [row] = await sql<{ id: string; notify: Uint8Array; all: string }[]>`
      select s.id, s.notify, s::text as all from secrets s where project_id = ${project.id}`
    if (!row) throw new Error('There is no row.')
    for (const address of ['ana.silva', 'maker@']) expect(row.all).not.toContain(address)
    expect(openNotify(world, { id: row.id, projectId: project.id }, row.notify)).toBe('maker@example.com')
  })
  test('takes what a browser encrypted as base64url, with a file or without, and nothing else as such', async () => {
    const { project, secrets } = await scene()
    const sealed = { secret: 'AAEC_w-9.a', encrypted_by: 'browser' as const }
    const made = await secrets.share(sealed)
    expect(made).not.toHaveProperty('upload')
    expect(await secrets.retrieve({ secret_key: String(made.secret_key) })).toMatchObject({ value: sealed.secret })
    expect((await secrets.share({ ...sealed, file_bytes: 70_000 })).upload).toMatch(/^[0-9A-Z]{26}$/)
    expect(await codeOf(secrets.share({ ...sealed, secret: 'A'.repeat(16_384) }))).toBe('done')
    const before = await stored(project.id)
    for (const [wish, field] of [
      [{ ...sealed, secret: 'not base64url' }, 'secret'],
      [{ ...sealed, secret: 'A+/=' }, 'secret'],
      [{ ...sealed, secret: 'A'.repeat(16_385) }, 'secret'],
      [{ secret: 'x', file_bytes: 10 }, 'file_bytes'],
      [{ ...sealed, file_bytes: 0 }, 'file_bytes'],
      [{ ...sealed, file_bytes: 6_000_000 }, 'file_bytes'],
    ] as const)
      expect(await faultyFields(secrets.share(wish))).toEqual([field])
    expect(await stored(project.id)).toBe(before)
  })
  test('makes each of many at once its own keys, also when the first of an hour is asked for with Idempotency-Keys', async () => {
    const fresh = await worldAt(world.address)
    const { actor, key } = await scene()
    await sql`update secret_epochs set until = until + interval '5 hours' where until < now() + interval '1 day'`
    const asked = Array.from({ length: 40 }, (_, i) => {
      const idempotency = { key: `many ${i}`, credential: key, body: i }
      return as(fresh, actor, { idempotency }).secrets.share({ secret: `text ${i}`, ttl: 600 + i })
    })
    const made = await Promise.all(asked)
    expect(new Set(made.flatMap((one) => [one.secret_key, one.metadata_key])).size).toBe(80)
  }, 20_000)
  test('never uses an epoch that was destroyed: the next one is made', async () => {
    const { secrets } = await scene()
    await secrets.share({ secret: 'x', ttl: 7200 })
    await sql`update secret_epochs set destroyed_at = now() where destroyed_at is null`
    const made = await secrets.share({ secret: 'after', ttl: 7200 })
    const rows = await sql`
      select destroyed_at from secrets s join secret_epochs e on e.id = s.epoch_id order by s.id desc limit 1`
    expect(rows).toEqual([{ destroyed_at: null }])
    expect(await secrets.retrieve({ secret_key: String(made.secret_key) })).toMatchObject({ value: 'after' })
  })
  test('never uses a generation of the sealing key that is gone: the newest one is read and taken', async () => {
    const own = await testWorld()
    const project = await makeProject(own)
    const { actor } = await makeKey(own, project)
    const master = Buffer.from('0f'.repeat(32), 'hex')
    const wrapped = wrapGeneration(master, { version: 2, key: Buffer.alloc(32, 7) })
    await own.db.sql`insert into instance_keys (generation, wrapped) values (2, ${wrapped})`
    await own.db.sql`delete from instance_keys where generation = 1`
    const { secret_key } = await as(own, actor).secrets.share({ secret: 'x' })
    expect(await own.db.sql`select key_version from secrets`).toEqual([{ key_version: 2 }])
    expect(await as(own, actor).secrets.retrieve({ secret_key: String(secret_key) })).toMatchObject({ value: 'x' })
  })
})

const sealedAndOpened = often(500, 5000)

test(`${sealedAndOpened} generated texts come back byte-exact from what is stored, and some from the verbs`, async () => {
  const { secrets } = await scene()
  const texts = fc
    .oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ unit: 'grapheme', maxLength: 200 }))
    .filter((text) => text !== '' && text.isWellFormed() && !text.includes('\0'))
  const { secret } = contract.secrets.share.input.shape
  await fc.assert(
    fc.property(texts, (text) => {
      const [place, key] = [{ id: newId(), projectId: newId() }, newDataKey()]
      const taken = secret.parse(text)
      expect(openContent(place, key, sealContent(place, key, Buffer.from(taken))).toString()).toBe(text)
    }),
    { numRuns: sealedAndOpened, seed: 20_261_123 },
  )
  await fc.assert(
    fc.asyncProperty(texts, fc.option(fc.constantFrom('pass', 'ключ 🔑')), async (text, given) => {
      const passphrase = given === null ? {} : { passphrase: given }
      const { secret_key } = await secrets.share({ secret: text, ...passphrase })
      expect(await secrets.retrieve({ secret_key: String(secret_key), ...passphrase })).toMatchObject({ value: text })
    }),
    { numRuns: often(40, 400), seed: 20_261_123 },
  )
}, 120_000)

describe('secrets.generate', () => {
  test('makes 12 characters that are not mistaken for one another, each time others, and does not read `secret`', async () => {
    const { secrets } = await scene()
    const made = await Promise.all(Array.from({ length: 50 }, () => secrets.generate({ secret: 'SECRET', ttl: 600 })))
    for (const { value } of made) expect(value).toMatch(/^[A-HJ-NPR-Ya-hjkmnp-y34679]{12}$/)
    expect(made.map(({ value }) => value).join('')).not.toMatch(/[0OoQ1lIi2Zz5Ss8Buv|!.,]/)
    expect(new Set(made.map(({ value }) => value)).size).toBe(50)
    const [first] = made
    expect(await secrets.retrieve({ secret_key: String(first?.secret_key) })).toMatchObject({ value: first?.value })
  })
  test('uses every one of its characters about as often', async () => {
    const { secrets } = await scene()
    const values = await Promise.all(Array.from({ length: 200 }, () => secrets.generate({})))
    const counts = new Map<string, number>()
    for (const { value } of values) for (const one of value) counts.set(one, (counts.get(one) ?? 0) + 1)
    const expected = (200 * 12) / counts.size
    expect(counts.size).toBe(43)
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(expected)
  })
})

describe('secrets.create', () => {
  test('makes it as the person, whom notify_me tells at their own address', async () => {
    const project = await makeProject(world)
    const person = await makePerson(world, project, 'MEMBER')
    const made = await as(mailing, person.actor).secrets.create({ secret: 'x', notify_me: true, memo: 'staging' })
    expect(made).toMatchObject({ custid: 'Ana Silva', state: 'new' })
    const [row] = await sql<{ id: string; notify: Uint8Array; created_by: unknown; key_id: unknown }[]>`
      select id, notify, created_by, key_id from secrets where project_id = ${project.id}`
    if (!row) throw new Error('There is no row.')
    expect(openNotify(world, { id: row.id, projectId: project.id }, row.notify)).toBe(person.email)
    expect(row).toMatchObject({ created_by: { type: 'person', id: person.id }, key_id: null })
    expect(await codeOf(as(world, person.actor).secrets.create({ secret: 'x', notify_me: true }))).toBe('MAIL_OFF')
  })
})

describe('what was made, looked at', () => {
  test('metadata is marked as viewed once, by a POST only, told once, and shows the link as long as it opens something', async () => {
    const { project, actor, secrets } = await scene()
    const { metadata_key, secret_key } = await secrets.share({ secret: 'x' })
    const receipt = { metadata_key: String(metadata_key) }
    const byGet = as(world, actor, { safe: true }).secrets
    expect(await byGet.metadata(receipt)).toMatchObject({ state: 'new', secret_key })
    expect(await toldOf(world, project, 'secret.viewed')).toEqual([])
    const viewed = await Promise.all(Array.from({ length: 5 }, () => secrets.metadata(receipt)))
    for (const one of viewed) expect(one).toMatchObject({ state: 'viewed', secret_key, secret_ttl: expect.any(Number) })
    expect(await toldOf(world, project, 'secret.viewed')).toHaveLength(1)
    await secrets.retrieve({ secret_key: String(secret_key) })
    const after = await secrets.metadata(receipt)
    expect(after).toMatchObject({ state: 'received', received: expect.any(Number) })
    for (const gone of ['secret_key', 'secret_ttl', 'value']) expect(after).not.toHaveProperty(gone)
  })
  test('is expired by the clock of the database alone, and gone after twice its time', async () => {
    const { project, actor, secrets } = await scene()
    const { metadata_key } = await secrets.share({ secret: 'x', ttl: 60, memo: 'm' })
    const receipt = { metadata_key: String(metadata_key) }
    const age = (seconds: number) => sql`
      update secrets set created_at = created_at - make_interval(secs => ${seconds}),
        updated_at = updated_at - make_interval(secs => ${seconds}),
        expires_at = expires_at - make_interval(secs => ${seconds}), gone_at = gone_at - make_interval(secs => ${seconds})
      where project_id = ${project.id}`
    await age(61)
    const expired = await secrets.metadata(receipt)
    expect(expired).toMatchObject({ state: 'expired', metadata_ttl: expect.any(Number) })
    expect(Math.abs(expired.metadata_ttl - 59)).toBeLessThan(30)
    expect(expired.updated).toBe(expired.created + 60)
    for (const gone of ['secret_key', 'secret_ttl', 'received']) expect(expired).not.toHaveProperty(gone)
    expect(await asVisitor(world).secrets.receipt(receipt)).toMatchObject({ state: 'expired', memo: 'm' })
    expect(await secrets.recent({})).toMatchObject([{ state: 'expired', secret_key: null }])
    const member = await makePerson(world, project, 'VIEWER')
    const { list } = as(world, member.actor).secrets
    expect(await list({ state: 'expired' })).toMatchObject({
      items: [{ state: 'expired', ended_at: expect.any(String) }],
    })
    expect(await list({ state: 'new' })).toMatchObject({ items: [] })
    await age(60)
    expect(await codeOf(as(world, actor).secrets.metadata(receipt))).toBe('NOT_FOUND')
    expect(await codeOf(asVisitor(world).secrets.receipt(receipt))).toBe('NOT_FOUND')
    expect(await secrets.recent({})).toEqual([])
    expect(await list({})).toMatchObject({ items: [] })
  })
  test('metadata is not found by another project’s key, by a test key of the same one, or when nobody has it', async () => {
    const { project, secrets } = await scene()
    const { metadata_key } = await secrets.share({ secret: 'x' })
    const receipt = { metadata_key: String(metadata_key) }
    const other = await scene()
    const tester = await makeKey(world, project, 'write', { env: 'test' })
    for (const { metadata } of [other.secrets, as(world, tester.actor).secrets]) {
      await expect(metadata(receipt)).rejects.toThrow('Not Found')
      expect(await codeOf(metadata({ metadata_key: 'a'.repeat(31) }))).toBe('NOT_FOUND')
    }
    expect(await secrets.metadata(receipt)).toMatchObject({ state: 'viewed' })
  })
  test('the receipt changes nothing and shows when it was burned', async () => {
    const { project, secrets } = await scene()
    const { metadata_key, secret_key } = await secrets.share({ secret: 'x' })
    const receipt = { metadata_key: String(metadata_key) }
    expect(await asVisitor(world).secrets.receipt(receipt)).toMatchObject({
      state: 'new',
      secret_key,
      contested: false,
    })
    expect(await toldOf(world, project, 'secret.viewed')).toEqual([])
    await secrets.burn(receipt)
    const burned = await asVisitor(world).secrets.receipt(receipt)
    expect(burned).toMatchObject({ state: 'burned', burned: expect.any(Number) })
    for (const gone of ['secret_key', 'secret_ttl', 'received']) expect(burned).not.toHaveProperty(gone)
  })
})

describe('secrets.recent', () => {
  test('lists what this key made, newest first, 50 at most, with metadata_key for the text of that key only', async () => {
    const { project, actor, secrets } = await scene()
    const made = []
    for (let i = 0; i < 52; i++) made.push(await secrets.share({ secret: `text ${i}` }))
    const keys = made.map(({ metadata_key }) => metadata_key).reverse()
    const listed = await secrets.recent({})
    expect(listed.map(({ metadata_key }) => metadata_key)).toEqual(keys.slice(0, 50))
    for (const one of listed)
      expect(one).toMatchObject({ secret_key: null, state: 'new', secret_ttl: expect.any(Number) })
    const unsaid = await as(world, actor).secrets.recent({})
    expect(unsaid.map(({ metadata_key }) => metadata_key)).toEqual(Array(50).fill(null))
    const neighbour = await makeKey(world, project)
    expect(await as(world, neighbour.actor, { keyText: neighbour.key }).secrets.recent({})).toEqual([])
  })
  test('lists what a person made, without any key of it', async () => {
    const project = await makeProject(world)
    const [ana, bo] = [await makePerson(world, project, 'MEMBER'), await makePerson(world, project, 'MEMBER')]
    await as(world, ana.actor).secrets.create({ secret: 'x' })
    expect(await as(world, ana.actor).secrets.recent({})).toMatchObject([{ metadata_key: null, secret_key: null }])
    expect(await as(world, bo.actor).secrets.recent({})).toEqual([])
  })
})

describe('secrets.list', () => {
  test('shows the project’s, newest first and page by page, with filters and without any link', async () => {
    const { project, secrets } = await scene()
    const ana = await makePerson(world, project, 'MEMBER')
    const mine = as(mailing, ana.actor).secrets
    const made = [
      await secrets.share({ secret: 'x', memo: '100% of_it' }),
      await secrets.share({ secret: 'x', memo: 'Staging \\ token', passphrase: 'p' }),
      await mine.create({ secret: 'x', recipient: 'Kim@example.com' }),
    ]
    const { list } = as(world, ana.actor).secrets
    const all = await list({})
    expect(all.items.map(({ memo }) => memo)).toEqual([null, 'Staging \\ token', '100% of_it'])
    expect(all.items[1]).toEqual({
      secret_id: expect.any(String),
      state: 'new',
      memo: 'Staging \\ token',
      encrypted_by: 'server',
      passphrase: true,
      file_bytes: null,
      recipient: null,
      created_at: expect.any(String),
      created_by: { type: 'key', id: expect.any(String), name: 'write key' },
      expires_at: expect.any(String),
      ended_at: null,
      contested: false,
    })
    for (const one of made)
      for (const key of [one.secret_key, one.metadata_key]) expect(JSON.stringify(all)).not.toContain(key)
    const first = await list({ limit: 2 })
    const cursor = String(first.next_cursor)
    expect([...first.items, ...(await list({ limit: 2, cursor })).items]).toEqual(all.items)
    const memos = async (q: string) => (await list({ q })).items.map(({ memo, recipient }) => memo ?? recipient)
    expect(await memos('STAGING')).toEqual(['Staging \\ token'])
    expect(await memos('\\')).toEqual(['Staging \\ token'])
    expect(await memos('%')).toEqual(['100% of_it'])
    expect(await memos('_')).toEqual(['100% of_it'])
    expect(await memos('k***@')).toEqual(['k***@example.com'])
    expect((await list({ mine: true })).items).toHaveLength(1)
    await secrets.burn({ metadata_key: String(made[0]?.metadata_key) })
    expect((await list({ state: 'burned' })).items).toMatchObject([{ memo: '100% of_it' }])
    expect((await list({ state: 'new' })).items).toHaveLength(2)
    expect(await codeOf(list({ cursor: 'x' }))).toBe('INVALID_INPUT')
  })
})
