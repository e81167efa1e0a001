import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addAccounts } from '../../server/accounts/adding.ts'
import { judge, readLines } from '../../server/accounts/importing.ts'
import { openSeed } from '../../server/accounts/sealing.ts'
import type { KeyActor } from '../../server/context.ts'
import { newId } from '../../server/lib/id.ts'
import { base32Of, seedOf } from '../../server/lib/totp.ts'
import type { Project } from '../../server/projects/project.ts'
import { as, doorCtx } from '../as.ts'
import { toldOf } from '../invited.ts'
import { makeKey, makeProject } from '../make.ts'
import { migrationOf, migrationUri, payloadOf } from '../migration.ts'
import { makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'
import { often } from '../thorough.ts'

const world = await testWorld()
const { sql } = world.db

async function scene() {
  const project = await makeProject(world)
  const { actor } = await makeKey(world, project, 'admin')
  return { project, actor, accounts: as(world, actor).accounts }
}

const freshSecret = () => base32Of(randomBytes(20))
const uriOf = (name: string, secret = freshSecret(), more = '') =>
  `otpauth://totp/Acme:${encodeURIComponent(name)}?secret=${secret}&issuer=Acme${more}`

type Row = { id: string; name: string; issuer: string; algorithm: string; digits: number; period: number }
const stored = (project: Pick<Project, 'id'>) =>
  sql<(Row & { tags: string[]; owner_id: string | null; seed: Uint8Array; key_version: number })[]>`
    select * from accounts where project_id = ${project.id} order by name`

/** The seeds that a project has, opened, in base32. */
const seedsIn = async (project: Pick<Project, 'id'>) =>
  Promise.all(
    (await stored(project)).map(async ({ id, seed, key_version: keyVersion }) =>
      base32Of(await openSeed(world, { id, projectId: project.id }, { seed, keyVersion })),
    ),
  )

describe('accounts.import', () => {
  test('adds a list with tags, as its importer’s, and tells of it once with every id', async () => {
    const { project } = await scene()
    const ana = await makePerson(world, project, 'MEMBER')
    const secrets = [freshSecret(), freshSecret()]
    const uris = [uriOf('a:b 🐙', secrets[0]), uriOf('x', secrets[1], '&algorithm=SHA512&digits=8&period=60')]
    const { items, added, missing_parts } = await as(world, ana.actor).accounts.import({ uris, tags: ['ops', 'ops'] })
    expect([added, missing_parts]).toEqual([2, []])
    expect(items).toMatchObject([
      { line: 1, status: 'new', name: 'a:b 🐙', issuer: 'Acme', reason: null, id: expect.any(String) },
      { line: 2, status: 'new', name: 'x', issuer: 'Acme', reason: null, id: expect.any(String) },
    ])
    expect(await stored(project)).toMatchObject([
      { id: items[0]?.id, name: 'a:b 🐙', tags: ['ops'], algorithm: 'SHA1', digits: 6, period: 30, owner_id: ana.id },
      { id: items[1]?.id, name: 'x', tags: ['ops'], algorithm: 'SHA512', digits: 8, period: 60, owner_id: ana.id },
    ])
    expect(await seedsIn(project)).toEqual(secrets)
    expect(await toldOf(world, project, 'account.imported')).toEqual([{ account_ids: items.map(({ id }) => id) }])
  })

  test('with dry_run says what would become of each line, and adds nothing', async () => {
    const { project, accounts } = await scene()
    const secret = freshSecret()
    await accounts.import({ uris: [uriOf('here', secret)] })
    const again = freshSecret()
    const uris = [uriOf('there', secret.toLowerCase()), uriOf('one', again), uriOf('two', again), 'otpauth://hotp/x']
    const { items, added } = await accounts.import({ uris, dry_run: true })
    expect(added).toBe(0)
    expect(items).toEqual([
      {
        ...{ line: 1, status: 'duplicate', name: 'there', issuer: 'Acme', id: null },
        reason: 'It is here already, as “Acme: here”.',
      },
      { line: 2, status: 'new', name: 'one', issuer: 'Acme', reason: null, id: null },
      {
        ...{ line: 3, status: 'duplicate', name: 'two', issuer: 'Acme', id: null },
        reason: 'It stands above already, in line 2.',
      },
      {
        ...{ line: 4, status: 'error', name: null, issuer: null, id: null },
        reason: expect.stringContaining('HOTP'),
      },
    ])
    expect(await stored(project)).toHaveLength(1)
    expect(await toldOf(world, project, 'account.imported')).toHaveLength(1)
  })

  test('is all or nothing: one faulty line adds none, and each is named without its seed', async () => {
    const { project, accounts } = await scene()
    const uris = [
      uriOf('good'),
      uriOf('bad', 'JBSWY3DPEHPK3PX0'),
      uriOf('good too'),
      uriOf('p', undefined, '&period=0'),
    ]
    expect(await faultyFields(accounts.import({ uris }))).toEqual(['uris.1', 'uris.3'])
    const thrown = await accounts.import({ uris }).catch((error: unknown) => error)
    expect(JSON.stringify(thrown) + String(thrown)).not.toContain('JBSWY3DP')
    expect(await stored(project)).toEqual([])
    expect(await toldOf(world, project, 'account.imported')).toEqual([])
  })

  test('leaves duplicates out unless told to add them; another project’s are none', async () => {
    const [one, other] = [await scene(), await scene()]
    const secret = freshSecret()
    const uris = [uriOf('a', secret), uriOf('b', secret)]
    expect(await other.accounts.import({ uris })).toMatchObject({ added: 1 })
    const first = await one.accounts.import({ uris })
    expect(first.items.map(({ status, id }) => [status, id !== null])).toEqual([
      ['new', true],
      ['duplicate', false],
    ])
    expect(await one.accounts.import({ uris })).toMatchObject({ added: 0 })
    expect(await one.accounts.import({ uris, duplicates: 'add' })).toMatchObject({
      added: 2,
      items: [
        { status: 'duplicate', id: expect.any(String) },
        { status: 'duplicate', id: expect.any(String) },
      ],
    })
    expect(await stored(one.project)).toHaveLength(3)
  })

  test('does not name an account that whoever imports may not use', async () => {
    const { project, accounts } = await scene()
    const secret = freshSecret()
    await accounts.import({ uris: [uriOf('root of prod', secret)] })
    const member = await makePerson(world, project, 'MEMBER')
    const { items } = await as(world, member.actor).accounts.import({ uris: [uriOf('x', secret)], dry_run: true })
    expect(items[0]).toMatchObject({ status: 'duplicate', reason: expect.stringContaining('may not use') })
    expect(JSON.stringify(items)).not.toContain('root of prod')
  })

  test('asks a key that is limited to tags for one of them, also before anything is added', async () => {
    const project = await makeProject(world)
    const { actor } = await makeKey(world, project, 'admin')
    const limited = as(world, { ...actor, accountTags: ['ci'] } satisfies KeyActor).accounts
    for (const dry_run of [true, false])
      expect(await codeOf(limited.import({ uris: [uriOf('x')], dry_run }))).toBe('TAG_NOT_ALLOWED')
    expect(await limited.import({ uris: [uriOf('x')], tags: ['ci'] })).toMatchObject({ added: 1 })
  })

  test('answers the same again for the same Idempotency-Key', async () => {
    const { project, actor } = await scene()
    const body = { uris: [uriOf('x')], duplicates: 'add' as const }
    const idempotency = { key: newId(), credential: 'k', body }
    const once = () => as(world, actor, { idempotency }).accounts.import(body)
    const first = await once()
    expect(await once()).toEqual(first)
    expect(await stored(project)).toHaveLength(1)
  })
})

describe('an export of Google Authenticator', () => {
  const part = (name: string, more = {}) => ({ secret: randomBytes(20), name, ...more })

  test('is taken picture by picture, and says which are missing', async () => {
    const { project, accounts } = await scene()
    const all = [
      part('Acme:ana', { issuer: 'Acme', algorithm: 3, digits: 2 }),
      part('GitHub:bob@example.com'),
      part('plain', { issuer: 'X:Y', algorithm: 0, digits: 0, type: 0 }),
    ]
    const pictures = all.map((one, index) => migrationOf({ accounts: [one], size: 3, index, id: -7 }))
    const some = await accounts.import({ uris: pictures.toSpliced(1, 1), dry_run: true })
    expect(some.missing_parts).toEqual(['2 of 3'])
    const { missing_parts, added } = await accounts.import({ uris: pictures })
    expect([missing_parts, added]).toEqual([[], 3])
    expect(await stored(project)).toMatchObject([
      { name: 'ana', issuer: 'Acme', algorithm: 'SHA512', digits: 8, period: 30 },
      { name: 'bob@example.com', issuer: 'GitHub', algorithm: 'SHA1', digits: 6 },
      { name: 'plain', issuer: 'X:Y', algorithm: 'SHA1', digits: 6 },
    ])
    expect(await seedsIn(project)).toEqual(all.map(({ secret }) => base32Of(secret)))
  })

  test('has one line for each account, and an error for what makes no code here', async () => {
    const { accounts } = await scene()
    const uri = migrationOf({
      accounts: [
        part('ok'),
        part('counter', { type: 1, counter: 5, issuer: 'Acme' }),
        part('md5', { algorithm: 4 }),
        { secret: randomBytes(4), name: 'short' },
        { secret: randomBytes(129), name: 'long' },
        part('', { issuer: '' }),
      ],
    })
    const { items } = await accounts.import({ uris: ['otpauth://totp/x', uri], dry_run: true })
    expect(items.map(({ line, status, name, reason }) => [line, status, name, reason?.slice(0, 30) ?? null])).toEqual([
      [1, 'error', null, 'Its secret: Must be there.'],
      [2, 'new', 'ok', null],
      [2, 'error', 'counter', 'Its codes go by a counter (HOT'],
      [2, 'error', 'md5', 'Its algorithm is none of SHA1,'],
      [2, 'error', 'short', 'Its secret: Must be at least 1'],
      [2, 'error', 'long', 'Its secret: Must be at most 12'],
      [2, 'new', 'Account', null],
    ])
  })

  test('that is corrupt is an error with a sentence, however it is', async () => {
    const { project, accounts } = await scene()
    const payload = payloadOf({ accounts: [part('ana', { issuer: 'Acme' })], size: 2 })
    const wrong = [
      'otpauth-migration://offline',
      'otpauth-migration://offline?data=',
      'otpauth-migration://offline?data=%%%',
      'otpauth-migration://offline?data=§$&',
      'otpauth-migration://online?data=AAAA',
      migrationUri(payload.subarray(0, 20)),
      migrationUri(Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1])),
      migrationUri(Buffer.from([0x0a, 0x04, 0x0a, 0xff, 0xff, 0x7f])),
      migrationUri(Buffer.alloc(12, 0xff)),
      migrationUri(Buffer.from([0, 0, 0])),
      migrationUri(Buffer.from([0x10, 1])),
      migrationOf({ accounts: [part('x')], size: 1_000_000_000, index: 3 }),
      migrationOf({ accounts: [part('x')], size: 2, index: 2 }),
    ]
    const { items } = await accounts.import({ uris: wrong, dry_run: true })
    expect(items.map(({ status }) => status)).toEqual(wrong.map(() => 'error'))
    for (const { reason } of items) expect(reason).toMatch(/^(This export|Is no export)/)
    expect(await codeOf(accounts.import({ uris: wrong }))).toBe('INVALID_INPUT')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat({ max: payload.length }), (noise, cut) => {
        for (const bytes of [noise, Buffer.concat([payload.subarray(0, cut), noise])])
          expect(readLines([migrationUri(bytes)]).lines.length).toBeGreaterThan(0)
      }),
      { numRuns: often(300, 50_000) },
    )
    expect(await stored(project)).toEqual([])
  })

  test('holds at most 500 accounts together with the rest', async () => {
    const { project, accounts } = await scene()
    const many = (count: number) =>
      migrationOf({ accounts: Array.from({ length: count }, () => ({ secret: randomBytes(10) })) })
    for (const dry_run of [true, false])
      expect(await faultyFields(accounts.import({ uris: [many(200), many(200), many(101)], dry_run }))).toEqual([
        'uris',
      ])
    expect(await accounts.import({ uris: [many(200), many(200), many(100)] })).toMatchObject({ added: 500 })
    expect(await stored(project)).toHaveLength(500)
  })
})

describe('the same list imported many times at once', () => {
  const racers = often(12, 60)
  const list = () => Array.from({ length: 5 }, (_, nth) => uriOf(`n${nth}`))

  test('adds each account once', async () => {
    const { project, accounts } = await scene()
    const uris = list()
    const all = await Promise.all(Array.from({ length: racers }, () => accounts.import({ uris })))
    expect(all.reduce((sum, { added }) => sum + added, 0)).toBe(5)
    expect(await stored(project)).toHaveLength(5)
    expect(await toldOf(world, project, 'account.imported')).toHaveLength(1)
  })

  test('adds some twice when it is only looked and then added (the wrong control)', async () => {
    const { project, actor } = await scene()
    const { lines } = readLines(list())
    const ctx = { ...doorCtx(world, actor), actor }
    const naive = () =>
      sql.begin(async (tx) => {
        const client = tx as unknown as typeof sql // a transaction's client is one but for opening connections
        const fresh = (await judge(client, ctx, lines)).flatMap(({ status }, at) => (status === 'new' ? [at] : []))
        // What a busy machine does between the two.
        await tx`select pg_sleep(0.2)`
        const wishes = fresh.flatMap((at) => {
          const read = lines[at]?.read
          return !read || 'fault' in read ? [] : [{ ...read, tags: [], seed: seedOf(read.secret) }]
        })
        if (wishes.length > 0) await addAccounts(client, ctx, wishes)
      })
    await Promise.all(Array.from({ length: racers }, naive))
    expect((await stored(project)).length).toBeGreaterThan(5)
  })
})
