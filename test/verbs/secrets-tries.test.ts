import { describe, expect, test } from 'vitest'
import { refusalOf } from '../../server/rpc/fault.ts'
import { as } from '../as.ts'
import { makeAsker } from '../make.ts'
import { codeOf } from '../refusals.ts'
import { shareSecret, toldOf } from '../secrets.ts'
import { testWorld, worldAt } from '../serve.ts'
import { often } from '../thorough.ts'

const world = await testWorld({ RATE_LIMITS: '*=1000000/60,passphrase try=5/600,passphrase tries=20/600' })
const freely = await worldAt(world.address)
const { actor } = await makeAsker(world)
const passphrase = 'correct horse battery staple'
const share = () => shareSecret(world, actor, { passphrase })
const wrong = { passphrase: 'wrong' }
const from = (ip: string) => ({ ip })

/** What a call was refused with, and what it says of it. */
const refusalIn = (call: Promise<unknown>) => call.then(() => undefined, refusalOf)

describe('a passphrase', () => {
  test('is asked for without taking a try, by the link and by the page', async () => {
    const { reveal, open, retrieve } = await share()
    for (let i = 0; i < 7; i++) expect(await codeOf(reveal())).toBe('PASSPHRASE_REQUIRED')
    for (let i = 0; i < 7; i++) expect(await codeOf(retrieve())).toBe('UNKNOWN_SECRET')
    for (let i = 0; i < 7; i++)
      expect(await open()).toMatchObject({ status: 'waiting', needs_passphrase: true, tries_left: 5 })
    expect((await reveal({ passphrase })).value).toBe('the text')
    expect(await open()).toMatchObject({ status: 'received', needs_passphrase: false, tries_left: null })
  })
  test('that is wrong says how many tries are left, is told of, and uses nothing up', async () => {
    const { reveal, open, retrieve, id } = await share()
    for (const left of [4, 3]) {
      const refusal = await refusalIn(reveal(wrong))
      expect(refusal).toMatchObject({ code: 'WRONG_PASSPHRASE', details: { tries_left: left } })
      expect((await open()).tries_left).toBe(left)
    }
    expect(await codeOf(retrieve(wrong))).toBe('UNKNOWN_SECRET')
    expect((await open()).tries_left).toBe(2)
    expect((await retrieve({ passphrase })).value).toBe('the text')
    expect(await toldOf(world, id)).toEqual([
      'secret.created',
      ...Array(3).fill('secret.passphrase_failed'),
      'secret.received',
    ])
  })
  test('five times wrong stops a network, for the right one too, while another still reads', async () => {
    const { reveal, open } = await share()
    for (let i = 0; i < 5; i++) expect(await codeOf(reveal(wrong, from('192.0.2.1')))).toBe('WRONG_PASSPHRASE')
    const refusal = await refusalIn(reveal({ passphrase }, from('192.0.2.1')))
    expect(refusal).toMatchObject({ code: 'RATE_LIMITED' })
    expect(refusal?.retryAfter).toBeGreaterThan(590)
    expect((await open(from('192.0.2.1'))).tries_left).toBe(0)
    // A network that is stopped spends none of the others' tries.
    for (let i = 0; i < 30; i++) expect(await codeOf(reveal(wrong, from('192.0.2.1')))).toBe('RATE_LIMITED')
    expect((await open(from('192.0.2.2'))).tries_left).toBe(5)
    expect((await reveal({ passphrase }, from('192.0.2.2'))).value).toBe('the text')
  })
  test('of one IPv6 network counts as one, whichever of its addresses it came from', async () => {
    const { reveal } = await share()
    for (let i = 0; i < 5; i++) expect(await codeOf(reveal(wrong, from(`2001:db8::${i}`)))).toBe('WRONG_PASSPHRASE')
    expect(await codeOf(reveal(wrong, from('2001:db8::99')))).toBe('RATE_LIMITED')
    expect(await codeOf(reveal(wrong, from('2001:db8:0:1::1')))).toBe('WRONG_PASSPHRASE')
  })
  test('guessed 21 times from as many networks locks the link for a while', async () => {
    const { reveal, open } = await share()
    for (let i = 0; i < 20; i++) expect(await codeOf(reveal(wrong, from(`198.51.100.${i}`)))).toBe('WRONG_PASSPHRASE')
    for (const brought of [wrong, { passphrase }]) {
      const refusal = await refusalIn(reveal(brought, from('198.51.100.200')))
      expect(refusal?.code).toBe('RATE_LIMITED')
      expect(refusal?.retryAfter).toBeGreaterThan(590)
    }
    expect(await open(from('198.51.100.201'))).toMatchObject({ status: 'waiting', tries_left: 0 })
  })
  test('guessed by 50 at once is judged five times', async () => {
    const { reveal, id } = await share()
    const codes = await Promise.all(Array.from({ length: 50 }, () => codeOf(reveal(wrong))))
    expect(codes.filter((code) => code === 'WRONG_PASSPHRASE')).toHaveLength(5)
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(45)
    expect((await toldOf(world, id)).filter((name) => name === 'secret.passphrase_failed')).toHaveLength(5)
  })
})

describe('no oracle', () => {
  test('a passphrase for a link that is unknown, read or burned is counted like a wrong one', async () => {
    const [read, burned] = [await share(), await share()]
    await read.reveal({ passphrase }, from('203.0.113.9'))
    await burned.burn()
    const unknown = { retrieve: () => as(world, actor).secrets.retrieve({ secret_key: '1'.repeat(31), ...wrong }) }
    const live = await share()
    for (const one of [unknown, read, burned, live]) {
      const codes = []
      for (let i = 0; i < 7; i++) codes.push(await codeOf(one.retrieve(wrong)))
      expect(codes).toEqual([...Array(5).fill('UNKNOWN_SECRET'), 'RATE_LIMITED', 'RATE_LIMITED'])
    }
  })
})

describe('a secret without a passphrase', () => {
  test('cannot be locked: one that is brought is neither counted nor in the way', async () => {
    const one = await shareSecret(world, actor)
    expect(await one.open()).toMatchObject({ needs_passphrase: false, tries_left: null })
    expect((await one.reveal({ passphrase: 'needless' })).value).toBe('the text')
    const two = await shareSecret(world, actor)
    // Before it was made, somebody cannot have known its link; whoever tries other links counts for those.
    for (let i = 0; i < 10; i++)
      await codeOf(as(world, actor).secrets.retrieve({ secret_key: '2'.repeat(31), ...wrong }))
    expect((await two.retrieve({ passphrase: 'needless' })).value).toBe('the text')
  })
})

const many = often(24, 300)

test(`${many} secrets, wrong and right tries in random order: never used up by a wrong one, read by one right one`, async () => {
  const rounds = async (n: number) => {
    const { reveal, id } = await shareSecret(freely, actor, { passphrase, secret: `text ${n}` })
    const tries = Array.from({ length: 6 }, (_, i) => (i < 2 ? passphrase : 'wrong'))
      .map((one) => ({ one, at: Math.random() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ one }) => one)
    // Half of them at once, half one after the other.
    const codes: string[] = []
    const go = async (one: string) => {
      codes.push(await codeOf(reveal({ passphrase: one })))
      return codes.at(-1)
    }
    if (n % 2) await Promise.all(tries.map(go))
    else for (const one of tries) await go(one)
    expect(codes.filter((code) => code === 'done')).toHaveLength(1)
    expect(codes.filter((code) => code !== 'done' && code !== 'WRONG_PASSPHRASE' && code !== 'UNKNOWN_SECRET')).toEqual(
      [],
    )
    if (n % 2 === 0) expect(codes.indexOf('done')).toBe(tries.indexOf(passphrase))
    const told = await toldOf(freely, id)
    expect(told.filter((name) => name === 'secret.received')).toHaveLength(1)
  }
  for (let n = 0; n < many; n += 6) await Promise.all(Array.from({ length: 6 }, (_, i) => rounds(n + i)))
})
