import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import type { DoorCtx } from '../../server/rpc/admit.ts'
import { sweepSecrets } from '../../server/secrets/sweep.ts'
import { as } from '../as.ts'
import { makeAsker, makeKey } from '../make.ts'
import { codeOf } from '../refusals.ts'
import { heldBy, shareSecret, toldOf } from '../secrets.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { project, actor } = await makeAsker(world)
const { sql } = world.db
const share = (wish: Parameters<typeof shareSecret>[2] = {}) => shareSecret(world, actor, wish)
const replay = 'a key that only its client knows'

/** Lets so many seconds pass for what a claim left behind. */
const pass = (id: string, seconds: number) => sql`
  update secrets set replay_until = replay_until - make_interval(secs => ${seconds}),
    ticket_until = ticket_until - make_interval(secs => ${seconds}) where id = ${id}`

describe('a reply that was lost', () => {
  test('comes again for the same request, as often as it asks within a minute, and says so', async () => {
    const one = await share()
    const first: DoorCtx['notes'] = {}
    const reply = await one.reveal({ replay }, { notes: first })
    expect(first.replayed).toBeUndefined()
    for (let i = 0; i < 3; i++) {
      const notes: DoorCtx['notes'] = {}
      expect(await one.reveal({ replay }, { notes })).toEqual(reply)
      expect(notes.replayed).toBe(true)
    }
    await pass(one.id, 55)
    expect(await one.reveal({ replay })).toEqual(reply)
    await pass(one.id, 5)
    expect(await codeOf(one.reveal({ replay }))).toBe('UNKNOWN_SECRET')
    expect((await toldOf(world, one.id)).filter((name) => name === 'secret.received')).toHaveLength(1)
  })
  test('does not come for another key, without one, from another network, or through the other door', async () => {
    const one = await share()
    await one.reveal({ replay })
    for (const other of [
      () => one.reveal({ replay: `${replay}.` }),
      () => one.reveal(),
      () => one.reveal({ replay }, { ip: '127.0.0.2' }),
      () => one.retrieve({ replay }),
    ])
      expect(await codeOf(other())).toBe('UNKNOWN_SECRET')
    expect((await one.reveal({ replay })).value).toBe('the text')
    expect((await toldOf(world, one.id)).filter((name) => name === 'secret.contested')).toHaveLength(1)
  })
  test('of a key comes to that key from any network, and to no other key of its project', async () => {
    const one = await share()
    const reply = await one.retrieve({ replay })
    expect(await one.retrieve({ replay }, { ip: '127.0.0.2' })).toEqual(reply)
    const { actor: other } = await makeKey(world, project)
    const { secret_key } = one
    expect(await codeOf(as(world, other).secrets.retrieve({ secret_key, replay }))).toBe('UNKNOWN_SECRET')
  })
  test('asks for the passphrase again, and takes no try', async () => {
    const passphrase = 'open sesame'
    const one = await share({ passphrase })
    const reply = await one.reveal({ replay, passphrase })
    expect(await one.reveal({ replay, passphrase })).toEqual(reply)
    expect(await codeOf(one.reveal({ replay }))).toBe('UNKNOWN_SECRET')
    expect(await codeOf(one.reveal({ replay, passphrase: 'wrong' }))).toBe('UNKNOWN_SECRET')
  })
  test('comes to all of 16 that send the same request at once, and nothing is contested', async () => {
    const one = await share()
    const notes = Array.from({ length: 16 }, (): DoorCtx['notes'] => ({}))
    const replies = await Promise.all(notes.map((its) => one.reveal({ replay }, { notes: its })))
    expect(new Set(replies.map(({ value }) => value))).toEqual(new Set(['the text']))
    expect(notes.filter(({ replayed }) => replayed)).toHaveLength(15)
    expect(await toldOf(world, one.id)).toEqual(['secret.created', 'secret.received'])
  })
  test('has the same ticket, which works, for ten minutes', async () => {
    const one = await share({ secret: 'c2VhbGVk', encrypted_by: 'browser', file_bytes: 5 })
    const visitor = (more: Partial<DoorCtx> = {}) => as(world, { type: 'visitor' }, more).secrets
    const bytes = randomBytes(5)
    async function* body() {
      yield bytes
    }
    await visitor({ body: body() }).upload({ upload: one.upload ?? '' })
    const reply = await one.reveal({ replay })
    expect(await one.reveal({ replay })).toEqual(reply)
    const ticket = reply.file?.ticket ?? ''
    const fetched = async () => {
      // What an entry with `streams` answers.
      const { chunks } = (await visitor().file({ ticket })) as unknown as { chunks: AsyncIterable<Uint8Array> }
      const all = []
      for await (const chunk of chunks) all.push(chunk)
      return Buffer.concat(all)
    }
    expect(await fetched()).toEqual(bytes)
    await pass(one.id, 60)
    await sweepSecrets(systemCtx(world, 'sweeper'))
    expect(await codeOf(one.reveal({ replay }))).toBe('UNKNOWN_SECRET')
    expect(await heldBy(world, one.id)).toEqual(['ticket_key'])
    expect(await fetched()).toEqual(bytes)
    await pass(one.id, 540)
    expect(await codeOf(visitor().file({ ticket }))).toBe('NOT_FOUND')
  })
})

test('nothing that opens anything stays in the row: without a key at once, with one after its minute', async () => {
  const [without, kept] = [await share(), await share()]
  await without.reveal()
  await kept.reveal({ replay })
  expect(await heldBy(world, without.id)).toEqual([])
  expect(await heldBy(world, kept.id)).toEqual(['content', 'replay_key'])
  await pass(kept.id, 60)
  await sweepSecrets(systemCtx(world, 'sweeper'))
  expect(await heldBy(world, kept.id)).toEqual([])
})
