import { describe, expect, test } from 'vitest'
import { openSeed } from '../../server/accounts/sealing.ts'
import type { KeyActor, PersonActor } from '../../server/context.ts'
import { base32Of, codeOf as codeAt } from '../../server/lib/totp.ts'
import { openVault } from '../../server/vault.ts'
import type { World } from '../../server/world.ts'
import { algorithms } from '../../shared/totp.ts'
import { granteeOf, grantTo, makeAccount, rfcSeed } from '../accounts.ts'
import { as } from '../as.ts'
import { makeKey, makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld, worldAt } from '../serve.ts'
import { often } from '../thorough.ts'

/** A clock that tests turn, in seconds since 1970. */
let seconds = 1_700_000_005
const clock = { now: () => new Date(seconds * 1000) }
const world = await testWorld({}, { clock })
const { sql } = world.db
const owner = ownerOf(world)
const project = await makeProject(world)
const scopes = ['accounts:codes', 'accounts:read'] as const
const robot = await makeKey(world, project, 'read', { scopes: [...scopes] })
const ana = await makePerson(world, project)
const bea = await makePerson(world, project, 'MEMBER')

const look = async (actor: KeyActor | PersonActor, ids: readonly string[], at: World = world) =>
  (await as(at, actor).accounts.codes({ ids: ids.join(',') })).items

const looks = () => sql<
  { payload: { account_ids: string[]; counted: string[] }; target: string; actor: { id: string } }[]
>`
  select payload, target, actor from events where name = 'account.codes_read' order by seq`

/** An account of nobody's with counted access for Bea. */
async function counted(codes: number, wish: Parameters<typeof makeAccount>[2] = {}) {
  const account = await makeAccount(world, project, wish)
  const grant = await grantTo(world, account, { ...granteeOf(bea.actor), codes })
  return { ...account, grant }
}

/** RFC 6238, Appendix B; the seeds are its reference program's: the SHA1 one repeated to the length of the hash. */
const vectors = [
  [59, '94287082', '46119246', '90693936'],
  [1_111_111_109, '07081804', '68084774', '25091201'],
  [1_111_111_111, '14050471', '67062674', '99943326'],
  [1_234_567_890, '89005924', '91819424', '93441116'],
  [2_000_000_000, '69279037', '90698825', '38618901'],
  [20_000_000_000, '65353130', '77737706', '47863826'],
] as const

describe('RFC 6238, Appendix B', async () => {
  const lengths = { SHA1: 20, SHA256: 32, SHA512: 64 }
  const made: { id: string }[] = []
  for (const algorithm of algorithms) {
    const seed = Buffer.alloc(lengths[algorithm], rfcSeed)
    made.push(await makeAccount(world, project, { algorithm, digits: 8, seed }))
  }
  test.each(vectors)('%i s after 1970', async (at, ...expected) => {
    const was = seconds
    seconds = at
    const items = await look(
      robot.actor,
      made.map(({ id }) => id),
    )
    seconds = was
    expect(items.map(({ code }) => code)).toEqual(expected)
  })
})

test('a code comes with the next one, and with how long it lasts, to the second and to the step', async () => {
  const { id } = await makeAccount(world, project)
  const was = seconds
  const ends = new Date(1_700_000_010_000).toISOString() // a multiple of 30 s
  for (const [at, remaining, until] of [
    [1_699_999_980, 30, ends],
    [1_699_999_980.001, 30, ends],
    [1_700_000_008.999, 2, ends],
    [1_700_000_009, 1, ends],
    [1_700_000_009.999, 1, ends],
    [1_700_000_010, 30, new Date(1_700_000_040_000).toISOString()],
  ] as const) {
    seconds = at
    const [item] = await look(ana.actor, [id])
    const step = Math.floor(at / 30)
    const recipe = { algorithm: 'SHA1', digits: 6, period: 30 } as const
    expect(item).toEqual({
      id,
      code: codeAt(rfcSeed, recipe, step),
      next_code: codeAt(rfcSeed, recipe, step + 1),
      period: 30,
      seconds_remaining: remaining,
      expires_at: until,
    })
  }
  seconds = was
})

test('a step that ends while the database is asked: the code is the new one, and the old one for who spent it', async () => {
  const [plain, spent] = [await makeAccount(world, project, { owner: bea }), await counted(2)]
  const start = Math.floor(seconds / 30) * 30
  const ticks = [start + 29, start + 31]
  const slow: World = { ...world, clock: { now: () => new Date((ticks.shift() ?? 0) * 1000) } }
  const [first, second] = await look(bea.actor, [plain.id, spent.id], slow)
  const recipe = { algorithm: 'SHA1', digits: 6, period: 30 } as const
  expect(first).toMatchObject({ code: codeAt(rfcSeed, recipe, start / 30 + 1), seconds_remaining: 29 })
  expect(second).toMatchObject({ code: codeAt(rfcSeed, recipe, start / 30), seconds_remaining: 0 })
  expect(second?.expires_at).toBe(new Date((start + 30) * 1000).toISOString())
})

describe('which ids are answered', async () => {
  const accounts: Awaited<ReturnType<typeof makeAccount>>[] = []
  for (let n = 0; n < 200; n++) accounts.push(await makeAccount(world, project, { seed: Buffer.alloc(20, n + 1) }))
  const ids = accounts.map(({ id }) => id).toReversed()
  const foreign = await makeAccount(world, await makeProject(world))

  test('200, in the order that they were asked for, each with its own code', async () => {
    const items = await look(robot.actor, ids)
    expect(items.map(({ id }) => id)).toEqual(ids)
    const step = Math.floor(seconds / 30)
    expect(items.map(({ code }) => code)).toEqual(
      accounts.toReversed().map(({ seed, recipe }) => codeAt(seed, recipe, step)),
    )
  })
  test('201 are refused, and so are none', async () => {
    expect(await faultyFields(look(robot.actor, [...ids, 'x']))).toEqual(['ids'])
    expect(await faultyFields(look(robot.actor, [',', ' ']))).toEqual(['ids'])
  })
  test('a repeated id is answered as often, and told once', async () => {
    const [one = '', two = ''] = ids
    const items = await look(robot.actor, [one, two, one, one])
    expect(items.map(({ id }) => id)).toEqual([one, two, one, one])
    expect(new Set(items.map(({ code }) => code)).size).toBe(2)
    expect((await looks()).at(-1)?.payload.account_ids.toSorted()).toEqual([one, two].toSorted())
  })
  test('unknown, foreign and malformed ids, and accounts that are not theirs, say NOT_FOUND beside the codes of others', async () => {
    const [one = ''] = ids
    const mine = await makeAccount(world, project, { owner: bea })
    const asked = ['01ARZ3NDEKTSV4RRFFQ69G5FAV', mine.id, foreign.id, one, "'; drop table accounts", '\0', '💥', '٣']
    const items = await look(bea.actor, asked)
    expect(items.map(({ id }) => id)).toEqual(asked)
    for (const item of items)
      if (item.id === mine.id) expect(item.code).toMatch(/^\d{6}$/)
      else
        expect(item).toEqual({
          id: item.id,
          error: 'There is no such account among those you may use.',
          error_code: 'NOT_FOUND',
        })
    expect((await looks()).at(-1)?.payload).toEqual({ account_ids: [mine.id], counted: [] })
  })
})

describe('what is on record', () => {
  test('one row for each request, with the ids and who asked, of which no part is a code', async () => {
    const made = [await makeAccount(world, project), await makeAccount(world, project, { seed: 'JBSWY3DPEHPK3PXP' })]
    const before = (await looks()).length
    const items = await look(
      ana.actor,
      made.map(({ id }) => id),
    )
    await look(
      ana.actor,
      made.slice(1).map(({ id }) => id),
    )
    const [both, one, ...more] = (await looks()).slice(before)
    expect(more).toEqual([])
    expect(both?.payload.account_ids.toSorted()).toEqual(made.map(({ id }) => id).toSorted())
    expect([both?.target, one?.target]).toEqual([`project:${project.id}`, `account:${made[1]?.id}`])
    expect(both?.actor.id).toBe(ana.id)
    const rows = await sql<{ text: string }[]>`select (to_jsonb(e) - 'mac' - 'at')::text as text from events e`
    const said = rows.map(({ text }) => text).join('\n')
    for (const { code = '', next_code } of items)
      for (const secret of [code, next_code ?? '']) {
        expect(secret).toMatch(/^\d{6}$/)
        expect(said).not.toMatch(new RegExp(`\\b${secret}\\b`))
      }
  })
  test('nothing, when no code was given', async () => {
    const before = (await looks()).length
    await look(bea.actor, [(await makeAccount(world, project)).id, 'x'])
    expect(await looks()).toHaveLength(before)
  })
  test('a copy, apart from looks: only it brings the account to hand', async () => {
    const account = await makeAccount(world, project, { name: 'Registry' })
    const at = () => sql`select used_at from account_marks where person_id = ${ana.id} and account_id = ${account.id}`
    await look(ana.actor, [account.id])
    expect(await at()).toHaveLength(0)
    await as(world, ana.actor).accounts.copied({ accountId: account.id })
    await as(world, ana.actor).accounts.copied({ accountId: account.id })
    expect((await at())[0]?.used_at).toBeInstanceOf(Date)
    const told = await sql`select name, payload from events where target = ${`account:${account.id}`} order by seq`
    expect(told.map(({ name }) => name)).toEqual(['account.codes_read', 'account.code_copied', 'account.code_copied'])
    expect(told[1]?.payload).toEqual({ account_id: account.id, name: 'Registry' })
    expect(await codeOf(as(world, bea.actor).accounts.copied({ accountId: account.id }))).toBe('NOT_FOUND')
  })
})

describe('a clock that is stepped back', () => {
  test('changes nothing for who has all codes: they get the code that the clock says', async () => {
    const { id } = await makeAccount(world, project)
    const first = (await look(ana.actor, [id]))[0]?.code
    seconds += 30
    expect((await look(ana.actor, [id]))[0]?.code).not.toBe(first)
    seconds -= 30
    expect((await look(ana.actor, [id]))[0]?.code).toBe(first)
  })
  test('gives nobody with counted codes one of a step that is over', async () => {
    const { id } = await counted(3)
    expect((await look(bea.actor, [id]))[0]?.code).toMatch(/^\d{6}$/)
    seconds -= 30
    expect((await look(bea.actor, [id]))[0]).toMatchObject({ error_code: 'STEP_USED', codes_left: 2 })
    seconds += 60
    expect((await look(bea.actor, [id]))[0]).toMatchObject({ codes_left: 1, next_code: null })
    seconds -= 30
  })
})

describe('codes by count', () => {
  test('are one for each step of the account and so many in all, without the next one', async () => {
    const { id } = await counted(2, { period: 60 })
    const was = seconds
    const [first, again] = await look(bea.actor, [id, id])
    expect(first).toMatchObject({ next_code: null, codes_left: 1, period: 60 })
    expect(first?.code).toMatch(/^\d{6}$/)
    expect(again).toEqual(first)
    expect((await looks()).at(-1)?.payload).toEqual({ account_ids: [id], counted: [id] })
    expect((await look(bea.actor, [id]))[0]).toEqual({
      id,
      error: 'The code of this time step was given already; the next one comes with the next step.',
      error_code: 'STEP_USED',
      codes_left: 1,
    })
    seconds += 60
    expect((await look(bea.actor, [id]))[0]).toMatchObject({ codes_left: 0 })
    seconds += 60
    expect((await look(bea.actor, [id]))[0]).toEqual({
      id,
      error: 'All the codes this access was for have been given; ask for more.',
      error_code: 'CODES_USED_UP',
      codes_left: 0,
    })
    seconds = was
  })
  test('are not counted for who has the account anyway', async () => {
    const account = await makeAccount(world, project, { owner: bea })
    await grantTo(world, account, { ...granteeOf(bea.actor), codes: 1 })
    for (let n = 0; n < 2; n++) {
      const [item] = await look(bea.actor, [account.id])
      expect(item?.next_code).toMatch(/^\d{6}$/)
      expect(item).not.toHaveProperty('codes_left')
    }
  })
  test('end with their time by the database’s clock, whatever the node’s says', async () => {
    const { id, grant } = await counted(2)
    await sql`update account_grants set expires_at = now() where id = ${grant}`
    expect((await look(bea.actor, [id]))[0]?.error_code).toBe('NOT_FOUND')
  })
  test('are given to a key by its line', async () => {
    // A key without tags, which reaches only what it was granted.
    const limited = { actor: { ...robot.actor, accountTags: [] } }
    const account = await makeAccount(world, project)
    expect((await look(limited.actor, [account.id]))[0]?.error_code).toBe('NOT_FOUND')
    await grantTo(world, account, { ...granteeOf(limited.actor), codes: 1 })
    expect((await look(limited.actor, [account.id]))[0]).toMatchObject({ codes_left: 0 })
  })
})

const other = await worldAt(world.address, {}, { clock })

test('a grant that is revoked on one node opens nothing on another at the next request', async () => {
  const account = await makeAccount(world, project)
  for (let n = 0; n < 10; n++) {
    const id = await grantTo(world, account, granteeOf(bea.actor))
    expect((await look(bea.actor, [account.id], other))[0]?.code).toMatch(/^\d{6}$/)
    await sql`delete from account_grants where id = ${id}`
    expect((await look(bea.actor, [account.id], other))[0]?.error_code).toBe('NOT_FOUND')
  }
})

describe('a seed whose key is missing', () => {
  test('says so for this account only, costs no code, and is on no record', async () => {
    const [lost, plain] = [await counted(2), await makeAccount(world, project, { owner: bea })]
    await sql`insert into instance_keys (generation, wrapped) values (99, '\\x00')`
    await sql`update accounts set key_version = 99 where id = ${lost.id}`
    const [first, second] = await look(bea.actor, [lost.id, plain.id])
    expect(first).toEqual({ id: lost.id, error: expect.stringMatching(/key is missing/), error_code: 'KEY_MISSING' })
    expect(second?.code).toMatch(/^\d{6}$/)
    expect((await looks()).at(-1)?.payload).toEqual({ account_ids: [plain.id], counted: [] })
    const [row] = await sql`select codes_used from account_grants where id = ${lost.grant}`
    expect(row?.codes_used).toBe(0)
    await sql`delete from accounts where id = ${lost.id}`
    await sql`delete from instance_keys where generation = 99`
  })
  test('is looked for once more, since another node may have begun a generation', async () => {
    const account = await counted(2)
    const fresh = await openVault(sql, [])
    const real = world.vault
    // A node that has not heard of any generation until it looks.
    let heard = false
    const behind: World = {
      ...world,
      vault: {
        ...real,
        known: () => (heard ? real.known() : fresh.known()),
        refresh: async () => {
          heard = true
          return real.refresh()
        },
      },
    }
    expect((await look(bea.actor, [account.id], behind))[0]).toMatchObject({ codes_left: 1 })
    expect(heard).toBe(true)
  })
})

describe('counted codes in a race', () => {
  const racers = 50
  const nodes = [world, other]
  type Ask = (node: World, id: string) => Promise<boolean>

  /** So many requests at once in each of k + 2 steps: how many codes each step gave. */
  async function race(id: string, steps: number, ask: Ask): Promise<number[]> {
    const won = []
    for (let step = 0; step < steps; step++) {
      const all = await Promise.all(Array.from({ length: racers }, (_, n) => ask(nodes[n % 2] ?? world, id)))
      won.push(all.filter(Boolean).length)
      seconds += 30
    }
    return won
  }
  const asVerb: Ask = async (node, id) => (await look(bea.actor, [id], node))[0]?.code !== undefined

  /** What the statement is not: it reads first, and writes then. */
  const naive: Ask = async (node, id) => {
    const step = Math.floor(seconds / 30)
    const on = node.db.sql
    const [row] = await on`
      select id from account_grants where account_id = ${id} and codes_used < codes_max and last_step < ${step}`
    if (!row) return false
    await on`update account_grants set codes_used = codes_used + 1, last_step = ${step} where id = ${row.id}`
    return true
  }
  const rounds = often(3, 20)

  test(`${racers} requests on two nodes in each step: one code for each, k in all, and as many on record (${rounds} times)`, async () => {
    for (let n = 0; n < rounds; n++) {
      const { id, grant } = await counted(3)
      expect(await race(id, 5, asVerb)).toEqual([1, 1, 1, 0, 0])
      const [row] = await sql`select codes_used from account_grants where id = ${grant}`
      expect(row?.codes_used).toBe(3)
      expect(await sql`select 1 from events where payload -> 'counted' ? ${id}`).toHaveLength(3)
    }
  })
  test('who reads before they write gives too many (control)', async () => {
    const { id } = await counted(3)
    const won = await race(id, 2, naive)
    expect(Math.max(...won)).toBeGreaterThan(1)
  })
  test('requests for the same accounts in other orders never wait for each other in a circle', async () => {
    const made = [await counted(50), await counted(50), await counted(50), await counted(50)]
    const ids = made.map(({ id }) => id)
    for (let step = 0; step < often(5, 30); step++) {
      const orders = Array.from({ length: 24 }, (_, n) => [...ids.slice(n % 4), ...ids.slice(0, n % 4)])
      const all = await Promise.all(orders.map((order, n) => look(bea.actor, order, nodes[n % 2])))
      expect(all.flat().filter(({ code }) => code !== undefined)).toHaveLength(ids.length)
      seconds += 30
    }
  })
})

describe('the log of an account', () => {
  test('tells whoever manages it what happened, newest first and page by page, also in requests about several', async () => {
    const [account, beside] = [await makeAccount(world, project, { owner: bea }), await makeAccount(world, project)]
    await look(ana.actor, [account.id, beside.id])
    await look(robot.actor, [beside.id])
    await as(world, bea.actor).accounts.copied({ accountId: account.id })
    const read = (limit: number, cursor?: string) =>
      as(world, bea.actor).accounts.log({ accountId: account.id, limit, ...(cursor && { cursor }) })
    const first = await read(1)
    expect(first.items).toMatchObject([
      { name: 'account.code_copied', actor: { id: bea.id }, ip: '127.0.0.1', about: null },
    ])
    const { items, next_cursor } = await read(10, first.next_cursor ?? '')
    expect(items).toMatchObject([{ name: 'account.codes_read', actor: { id: ana.id } }])
    expect(next_cursor).toBeNull()
    expect(JSON.stringify(items)).not.toContain(beside.id)
  })
  test('tells whom access was given to, and which fields changed, but not to what', async () => {
    const { id: accountId } = await makeAccount(world, project)
    const dashboard = as(world, ana.actor).accounts
    await dashboard.update({ accountId, name: 'Registry', tags: ['prod'] })
    await dashboard.permit({ accountId, action: 'grant', email: bea.email })
    expect((await dashboard.log({ accountId })).items).toMatchObject([
      { name: 'account.granted', about: bea.email },
      { name: 'account.changed', about: 'name, tags' },
    ])
  })
  test('is refused to who only gets codes, and not there for who does not', async () => {
    const account = await makeAccount(world, project)
    const read = () => codeOf(as(world, bea.actor).accounts.log({ accountId: account.id }))
    expect(await read()).toBe('NOT_FOUND')
    const grant = await grantTo(world, account, granteeOf(bea.actor))
    expect(await read()).toBe('NOT_YOUR_ACCOUNT')
    await sql`update account_grants set role = 'manager' where id = ${grant}`
    expect(await read()).toBe('done')
  })
})

test('what is stored of a seed opens in its own row only', async () => {
  const [one, two] = [await makeAccount(world, project), await makeAccount(world, project)]
  const [row] = await owner<{ seed: Uint8Array; key_version: number }[]>`
    select seed, key_version from accounts where id = ${one.id}`
  const kept = { seed: row?.seed ?? Buffer.alloc(0), keyVersion: row?.key_version ?? 0 }
  expect(base32Of(await openSeed(world, one, kept))).toBe(base32Of(rfcSeed))
  await expect(openSeed(world, two, kept)).rejects.toThrow()
})
