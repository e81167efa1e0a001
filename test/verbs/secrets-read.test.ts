import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { newId } from '../../server/lib/id.ts'
import { rewrapKey, secretDigest } from '../../server/secrets/sealing.ts'
import { findByLink, wrappedAt } from '../../server/secrets/secret.ts'
import { wrapGeneration } from '../../server/vault.ts'
import { as } from '../as.ts'
import { makeAsker, makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { heldBy, shareSecret, toldOf } from '../secrets.ts'
import { testWorld, worldAt } from '../serve.ts'
import { often } from '../thorough.ts'

const masterKey = '0f'.repeat(32)
const world = await testWorld({ MASTER_KEY: masterKey })
const { project, actor } = await makeAsker(world)
const { sql } = world.db
const share = (wish: Parameters<typeof shareSecret>[2] = {}) => shareSecret(world, actor, wish)
const person = await makePerson(world, project)

const none = '0'.repeat(31)

type Shared = Awaited<ReturnType<typeof share>>

/** Every state that a secret can be in, and what each verb says then. */
const states: [string, (one: Shared) => Promise<unknown>, { read: boolean; open: string; burn: boolean }][] = [
  ['new', async () => undefined, { read: true, open: 'waiting', burn: true }],
  [
    'viewed',
    (one) => as(world, actor).secrets.metadata({ metadata_key: one.metadata_key }),
    { read: true, open: 'waiting', burn: true },
  ],
  ['received', (one) => one.reveal(), { read: false, open: 'received', burn: false }],
  ['burned', (one) => one.burn(), { read: false, open: 'burned', burn: true }],
  [
    'expired',
    (one) => sql`update secrets set expires_at = now() where id = ${one.id}`,
    { read: false, open: 'expired', burn: false },
  ],
]

describe.each(states)('a secret that is %s', (_, bring, says) => {
  const brought = async () => {
    const one = await share()
    await bring(one)
    return one
  }
  const read = says.read ? 'done' : 'UNKNOWN_SECRET'
  const burned = says.burn ? 'done' : 'NOT_FOUND'
  test(`answers ${read} to a key that retrieves it`, async () => {
    const one = await brought()
    expect(await codeOf(one.retrieve())).toBe(read)
    expect(await codeOf(one.retrieve())).toBe('UNKNOWN_SECRET')
  })
  test(`answers ${read} to a link holder who reveals it`, async () => {
    const one = await brought()
    expect(await codeOf(one.reveal())).toBe(read)
    expect(await codeOf(one.reveal())).toBe('UNKNOWN_SECRET')
  })
  test(`is shown as ${says.open}, which changes nothing`, async () => {
    const one = await brought()
    for (let i = 0; i < 5; i++) expect((await one.open()).status).toBe(says.open)
    expect(await codeOf(one.reveal())).toBe(read)
  })
  test(`answers ${burned} to each way of burning it, also the second time`, async () => {
    for (const burn of [
      (one: Shared) => one.burn(),
      (one: Shared) => one.burnByReceipt(),
      (one: Shared) => as(world, person.actor).secrets.burnById({ secret_id: one.id }),
    ]) {
      const one = await brought()
      expect(await codeOf(burn(one))).toBe(burned)
      expect(await codeOf(burn(one))).toBe(burned)
      if (!says.burn) continue
      expect(await heldBy(world, one.id)).toEqual([])
      expect((await toldOf(world, one.id)).filter((name) => name === 'secret.burned')).toHaveLength(1)
      expect(await codeOf(one.reveal())).toBe('UNKNOWN_SECRET')
    }
  })
})

describe('reading', () => {
  test('answers the text byte for byte, leaves nothing that opens, and tells who did it', async () => {
    const text = 'é \u{1F5DD}  line\r\n\t“quoted” \u2028'
    const one = await share({ secret: text })
    expect(await one.reveal()).toEqual({ value: text, encrypted_by: 'server' })
    expect(await heldBy(world, one.id)).toEqual([])
    expect(await toldOf(world, one.id)).toEqual(['secret.created', 'secret.received'])
    const two = await share({ secret: text })
    expect(await two.retrieve()).toEqual({ secret_key: two.secret_key, value: text })
    const [row] = await sql`select state, ended_by from secrets where id = ${two.id}`
    expect(row).toEqual({ state: 'received', ended_by: { type: 'key', id: actor.id, name: actor.name } })
  })
  test('of what a browser encrypted answers what it encrypted', async () => {
    const [one, two] = [
      await share({ secret: 'c2VhbGVk', encrypted_by: 'browser' }),
      await share({ secret: 'c2VhbGVk', encrypted_by: 'browser' }),
    ]
    expect(await one.reveal()).toEqual({ value: 'c2VhbGVk', encrypted_by: 'browser' })
    expect((await two.retrieve()).value).toBe('c2VhbGVk')
  })
  test('by a key of another project finds nothing, and uses nothing up', async () => {
    const one = await share({ passphrase: 'open sesame' })
    const { actor: stranger } = await makeKey(world, await makeProject(world))
    const { secret_key } = one
    expect(await codeOf(as(world, stranger).secrets.retrieve({ secret_key, passphrase: 'open sesame' }))).toBe(
      'UNKNOWN_SECRET',
    )
    expect(await codeOf(as(world, stranger).secrets.burn({ metadata_key: one.metadata_key }))).toBe('NOT_FOUND')
    const elsewhere = await makePerson(world, await makeProject(world))
    expect(await codeOf(as(world, elsewhere.actor).secrets.burnById({ secret_id: one.id }))).toBe('NOT_FOUND')
    expect((await one.reveal({ passphrase: 'open sesame' })).value).toBe('the text')
    expect(await codeOf(as(world, stranger).secrets.retrieve({ secret_key }))).toBe('UNKNOWN_SECRET')
    expect(await toldOf(world, one.id)).toEqual(['secret.created', 'secret.received'])
  })
  test('of an unknown link is refused like everything else', async () => {
    const visitor = as(world, { type: 'visitor' }).secrets
    expect(await codeOf(visitor.reveal({ secret_key: none }))).toBe('UNKNOWN_SECRET')
    expect(await codeOf(visitor.reveal({ secret_key: none, passphrase: 'x' }))).toBe('UNKNOWN_SECRET')
    expect(await codeOf(visitor.open({ secret_key: none }))).toBe('UNKNOWN_SECRET')
    expect(await codeOf(visitor.burnByReceipt({ metadata_key: none }))).toBe('NOT_FOUND')
    expect(await codeOf(as(world, person.actor).secrets.burnById({ secret_id: newId() }))).toBe('NOT_FOUND')
  })
  test('twice is told once as contested', async () => {
    const one = await share()
    await one.reveal()
    for (let i = 0; i < 4; i++) expect(await codeOf(i % 2 ? one.reveal() : one.retrieve())).toBe('UNKNOWN_SECRET')
    expect(await toldOf(world, one.id)).toEqual(['secret.created', 'secret.received', 'secret.contested'])
    const burned = await share()
    await burned.burn()
    await codeOf(burned.reveal())
    expect(await toldOf(world, burned.id)).toEqual(['secret.created', 'secret.burned'])
  })
  test('waits for its file, and then gives a ticket for it', async () => {
    const one = await share({ secret: 'c2VhbGVk', encrypted_by: 'browser', file_bytes: 5 })
    expect(await one.open()).toMatchObject({ status: 'asked', file: true })
    expect(await codeOf(one.reveal())).toBe('UNKNOWN_SECRET')
    async function* body() {
      yield Buffer.from('bytes')
    }
    await as(world, { type: 'visitor' }, { body: body() }).secrets.upload({ upload: one.upload ?? '' })
    expect((await one.open()).status).toBe('waiting')
    const { value, file } = await one.reveal()
    expect([value, file]).toEqual(['c2VhbGVk', { ticket: expect.stringMatching(/^[0-9A-Z]{26}$/), bytes: 5 }])
    expect(await heldBy(world, one.id)).toEqual(['ticket_key'])
  })
  test('while a key of ours is missing is refused, and uses nothing up', async () => {
    const one = await share({ passphrase: 'open sesame' })
    const away = await worldAt(world.address, { MASTER_KEY: masterKey })
    const blind = { ...away, keyring: { ...away.keyring, read: () => undefined } }
    const { reveal } = as(blind, { type: 'visitor' }).secrets
    for (const passphrase of ['open sesame', 'wrong'])
      expect(await codeOf(reveal({ secret_key: one.secret_key, passphrase }))).toBe('KEY_MISSING')
    expect((await one.reveal({ passphrase: 'open sesame' })).value).toBe('the text')
  })
  test('meets a row that is sealed anew between look and claim, and reads it once all the same', async () => {
    const one = await share()
    const version = world.vault.newest().version + 1
    const wrapped = wrapGeneration(Buffer.from(masterKey, 'hex'), { version, key: randomBytes(32) })
    await sql`insert into instance_keys (generation, wrapped) values (${version}, ${wrapped})`
    await world.vault.refresh()
    let rotated = 0
    const rotate = async () => {
      const row = await findByLink(sql, secretDigest(world, one.secret_key))
      if (!row?.data_key || rotated++ > 0) return
      const dataKey = await rewrapKey(world, wrappedAt(row), 'data_key', row.data_key, version)
      await sql`update secrets set key_version = ${version}, data_key = ${dataKey} where id = ${row.id}`
    }
    const keyOf = async (of: number) => {
      await rotate()
      return world.vault.keyOf(of)
    }
    const turning = as({ ...world, vault: { ...world.vault, keyOf } }, { type: 'visitor' }).secrets
    expect((await turning.reveal({ secret_key: one.secret_key, replay: 'a key of it' })).value).toBe('the text')
    expect(rotated).toBeGreaterThan(0)
    expect((await one.reveal({ replay: 'a key of it' })).value).toBe('the text')
    expect(await codeOf(one.reveal())).toBe('UNKNOWN_SECRET')
  })
})

describe('burning', () => {
  test('answers flat metadata with state, status and the short key; again without the short key', async () => {
    const one = await share({ recipient: '', passphrase: 'open sesame', ttl: 3600 })
    const burned = await one.burn()
    expect(burned).toMatchObject({
      metadata_key: one.metadata_key,
      secret_key: null,
      state: 'burned',
      status: 'burned',
      secret_shortkey: one.secret_key.slice(0, 6),
      ttl: 3600,
      passphrase_required: true,
    })
    expect(burned).not.toHaveProperty('secret_ttl')
    expect(await one.burn()).toEqual({ ...burned, secret_shortkey: '', metadata_ttl: expect.any(Number) })
  })
  test('takes a file along', async () => {
    const one = await share({ secret: 'c2VhbGVk', encrypted_by: 'browser', file_bytes: 5 })
    async function* body() {
      yield Buffer.from('bytes')
    }
    await as(world, { type: 'visitor' }, { body: body() }).secrets.upload({ upload: one.upload ?? '' })
    const parts = () => sql`select part from secret_parts where secret_id = ${one.id}`
    expect(await parts()).toHaveLength(1)
    await one.burnByReceipt()
    expect(await parts()).toHaveLength(0)
  })
})

describe('a link that is opened', () => {
  test('warns its maker, and nobody else', async () => {
    const one = await shareSecret(world, person.actor)
    const signedIn = async () => person.actor
    expect((await one.open({ signedIn })).made_by_you).toBe(true)
    expect((await one.open()).made_by_you).toBe(false)
    const other = await makePerson(world, project)
    expect((await one.open({ signedIn: async () => other.actor })).made_by_you).toBe(false)
    expect((await (await share()).open({ signedIn })).made_by_you).toBe(false)
  })
  test('of an ask is asked, until it is answered, cancelled or over', async () => {
    const secrets = as(world, { type: 'visitor' }).secrets
    const status = async (key: string) => (await secrets.open({ secret_key: key })).status
    const made = []
    for (let i = 0; i < 3; i++) made.push(await as(world, actor).asks.create({ title: 'A token' }))
    const [one, two, three] = made
    if (!one || !two || !three) throw new Error('They were made.')
    expect(await secrets.open({ secret_key: one.answer_key })).toMatchObject({
      status: 'asked',
      needs_passphrase: false,
      file: false,
      ended_at: null,
    })
    expect(await codeOf(secrets.reveal({ secret_key: one.answer_key }))).toBe('UNKNOWN_SECRET')
    await as(world, { type: 'visitor' }).asks.answer({ token: one.url.slice(-26), secret: 'their token' })
    expect(await status(one.answer_key)).toBe('waiting')
    expect((await secrets.reveal({ secret_key: one.answer_key, passphrase: 'needless' })).value).toBe('their token')
    expect(await status(one.answer_key)).toBe('received')
    await as(world, person.actor).asks.cancel({ ask_id: two.ask_id })
    expect(await status(two.answer_key)).toBe('burned')
    await sql`update asks set expires_at = now() where id = ${three.ask_id}`
    expect(await secrets.open({ secret_key: three.answer_key })).toMatchObject({
      status: 'expired',
      ended_at: expect.any(String),
    })
  })
})

describe('at the boundary', () => {
  const hour = 3_600_000
  const atOnce = often(100, 400)
  test(`of ${atOnce} reads around the last millisecond none is made at or after it, by clocks an hour off too`, async () => {
    const off = (ms: number) =>
      worldAt(world.address, { MASTER_KEY: masterKey }, { clock: { now: () => new Date(Date.now() + ms) } })
    const nodes = [world, await off(hour), await off(-hour)]
    const seen = new Set<string>()
    // On a busy machine all of a round can come too late, which shows nothing: then another one.
    for (let round = 0; seen.size < 2 && round < 8; round++) {
      const memo = `edge ${round}`
      const made = []
      for (let i = 0; i < atOnce; i++) made.push(await share({ memo }))
      await sql`update secrets set expires_at = now() + interval '700 ms' where memo = ${memo}`
      const start = performance.now()
      const codes = await Promise.all(
        made.map(async ({ secret_key }, i) => {
          await new Promise((resolve) => setTimeout(resolve, start + 500 + (i * 300) / atOnce - performance.now()))
          return codeOf(as(nodes[i % 3] ?? world, { type: 'visitor' }).secrets.reveal({ secret_key }))
        }),
      )
      for (const code of codes) seen.add(code)
      const read = await sql`
        select ended_at <= expires_at as before from secrets where memo = ${memo} and state = 'received'`
      expect(read.length).toBe(codes.filter((code) => code === 'done').length)
      expect(read.every((row) => row.before)).toBe(true)
    }
    expect(seen).toEqual(new Set(['done', 'UNKNOWN_SECRET']))
  })
  test('a read, and a burn, that had to wait for the row past the expiry are refused', async () => {
    const verbs = [(one: Shared) => one.reveal(), (one: Shared) => one.burn()]
    for (const [i, verb] of verbs.entries()) {
      const one = await share()
      await sql`update secrets set expires_at = now() + interval '500 ms' where id = ${one.id}`
      let late: Promise<string> = Promise.resolve('')
      await sql.begin(async (tx) => {
        await tx`update secrets set updated_at = now() where id = ${one.id}`
        late = codeOf(verb(one))
        await tx`select pg_sleep(0.8)`
      })
      expect(await late).toBe(['UNKNOWN_SECRET', 'NOT_FOUND'][i])
      expect((await one.open()).status).toBe('expired')
    }
  })
})
