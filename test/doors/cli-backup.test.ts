import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { inSnapshot } from '../../server/backup/dump.ts'
import { plainly } from '../../server/backup/tables.ts'
import { actorOfKey } from '../../server/keys/known.ts'
import { connect } from '../../server/lib/driver/connect.ts'
import { as, asVisitor } from '../as.ts'
import { commandOn, digests, emptyDb, inside, onServer } from '../backups.ts'
import { temporaryDirectory } from '../built.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { makePerson } from '../people.ts'
import { shareSecret } from '../secrets.ts'
import { testWorld, worldAt } from '../serve.ts'

const world = await testWorld()
const { address } = world
const { actor, project, key } = await makeAsker(world)
await makePerson(world, project)
const secret = await shareSecret(world, actor, { secret: 'tab\t, line\n, \\N, \\. and a null: é', ttl: 3600 })
const odd = 'tab\t line\nbreak \\N \\. "quoted" \u{1F511} \r end'
await as(world, actor).values.put({ key_path: 'odd/text', value: odd })
const waiting = await makeApproval(world, actor, { key_path: 'odd/ask', info: odd })

const directory = temporaryDirectory()
const toNew = (name: string) => join(directory, name)

/** A backup of the world above. */
async function backedUp(name: string): Promise<string> {
  const file = toNew(name)
  expect(await commandOn(address, ['backup', '--to', file])).toMatchObject({ code: 0 })
  return file
}

const empty = { 'public relations': 0 }
const held = (at: typeof address) =>
  inside(at, async (sql) => {
    const [row] = await sql`
      select count(*)::int as n from pg_class c join pg_namespace n on n.oid = relnamespace
      where nspname not like 'pg\_%' and nspname <> 'information_schema'`
    return { 'public relations': row?.n }
  })

describe('backup and restore', () => {
  test('put every row of every table into an empty database, and the instance goes on there', async () => {
    const before = await digests(address)
    const made = await commandOn(address, ['backup', '--to', toNew('whole'), '--json'])
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('Neither the master key nor the keyring') })
    const { file, rows, bytes } = JSON.parse(made.stdout)
    expect(statSync(file)).toMatchObject({ size: bytes, mode: 0o100600 })
    expect(readdirSync(directory).filter((name) => name.includes('partial'))).toEqual([])

    const to = await emptyDb()
    const checked = await commandOn(to, ['restore', '--from', file, '--json'])
    expect(JSON.parse(checked.stdout)).toMatchObject({ restored: false, rows })
    expect(await held(to)).toEqual(empty)

    const restored = await commandOn(to, ['restore', '--from', file, '--yes', '--json'])
    expect(restored.code, restored.stderr).toBe(0)
    expect(JSON.parse(restored.stdout)).toMatchObject({ restored: true, rows, missing_keys: 0 })
    expect(await digests(to)).toEqual(before)

    const there = await worldAt(to)
    const again = await actorOfKey(there, key)
    expect(again.id).toBe(actor.id)
    expect((await as(there, again).values.get({ key_path: 'odd/text' })).value).toBe(odd)
    const secretThere = await as(there, { type: 'visitor' }).secrets.reveal({ secret_key: secret.secret_key })
    expect(JSON.stringify(secretThere)).toContain('tab\\t, line\\n')
    // Its link still opens; what is written from now on gets numbers that no row has.
    const shown = await asVisitor(there).approvals.open({ token: waiting.token })
    expect(JSON.stringify(shown)).toContain('"quoted\\"')
    await as(there, again).values.put({ key_path: 'after/restore', value: 'new' })
    const [seqs] = await there.db.sql`
      select count(*)::int as rows, count(distinct seq)::int as numbers, (max(tick) filter (where name = 'value.set' and
        payload ->> 'key_path' = 'after/restore') > max(tick) filter (where payload ->> 'key_path' = 'odd/text')) as later
      from events`
    expect(seqs?.rows).toBe(seqs?.numbers)
    expect(seqs?.later).toBe(true)
  })

  test('are the work of an ordinary owner of a database as well, and the triggers stand after it', async () => {
    const file = await backedUp('ordinary')
    const user = `owner_${randomBytes(6).toString('hex')}`
    const password = randomBytes(12).toString('hex')
    await onServer((sql) => sql.unsafe(`create role ${user} login password '${password}'`))
    const to = await emptyDb(user)
    if (typeof to === 'string') throw new Error('The server of tests is known by its parts.')
    const mine = { ...to, user, password }
    try {
      const restored = await commandOn(mine, ['restore', '--from', file, '--yes'])
      expect(restored.code, restored.stderr).toBe(0)
      const again = await commandOn(mine, ['backup', '--to', toNew('ordinary again')])
      expect(again.code, again.stderr).toBe(0)
      await inside(mine, async (sql) => {
        await expect(sql`update events set name = 'x'`).rejects.toThrow('Audit rows are never changed')
        expect(await sql`select from pg_trigger where tgenabled <> 'O'`).toHaveLength(0)
      })
    } finally {
      await onServer(async (sql) => {
        await sql.unsafe(`drop database ${to.database} with (force)`)
        await sql.unsafe(`drop role ${user}`)
      })
    }
  })

  test('a database that holds anything is refused and stays as it was', async () => {
    const file = await backedUp('onto something')
    const before = await digests(address)
    const refused = await commandOn(address, ['restore', '--from', file, '--yes'])
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('holds something already') })
    expect(await digests(address)).toEqual(before)
    const foreign = await emptyDb()
    await inside(foreign, (sql) => sql`create table somebodys (n int)`)
    expect(await commandOn(foreign, ['restore', '--from', file, '--yes'])).toMatchObject({ code: 1 })
    expect(await held(foreign)).toEqual({ 'public relations': 1 })
  })

  test('under another master key, or none, nothing is read and the exit code is 78', async () => {
    const file = await backedUp('of this key')
    const to = await emptyDb()
    const other = await commandOn(to, ['restore', '--from', file, '--yes'], { MASTER_KEY: 'ee'.repeat(32) })
    expect(other).toMatchObject({ code: 78, stderr: expect.stringContaining('made under another master key') })
    const { code } = await commandOn(address, ['backup', '--to', toNew('never')], { MASTER_KEY: 'ee'.repeat(32) })
    expect(code).toBe(78)
    expect(existsSync(toNew('never'))).toBe(false)
    const kept = { MASTER_KEY: 'ee'.repeat(32), PREVIOUS_MASTER_KEYS: '0f'.repeat(32) }
    expect(await commandOn(to, ['restore', '--from', file], kept)).toMatchObject({ code: 0 })
    expect(await held(to)).toEqual(empty)
  })

  test('a damaged archive loads nothing, not even a schema', async () => {
    const file = await backedUp('to be damaged')
    const whole = readFileSync(file)
    const to = await emptyDb()
    const changed = Buffer.from(whole)
    const middle = changed.length >> 1
    changed[middle] = (changed[middle] ?? 0) ^ 1
    const rootChanged = Buffer.from(whole)
    const root = rootChanged.indexOf('"root":"') + 20
    rootChanged.write(whole.toString('latin1', root, root + 1) === '0' ? '1' : '0', root)
    for (const bytes of [whole.subarray(0, -1), changed, rootChanged, Buffer.from('not one\n')]) {
      writeFileSync(file, bytes)
      const refused = await commandOn(to, ['restore', '--from', file, '--yes'])
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('is damaged') })
    }
    expect(await held(to)).toEqual(empty)
  })

  test('in a directory archives are named by their time, the newest is restored, and old ones go on request', async () => {
    const kept = join(directory, 'kept')
    mkdirSync(kept)
    const old = ['countersign-20200101T000000Z.backup', 'countersign-20210101T000000Z.backup']
    for (const name of [...old, 'notes.txt']) writeFileSync(join(kept, name), 'x')
    const made = await commandOn(address, ['backup', '--to', kept, '--keep', '2', '--json'])
    const { file, removed } = JSON.parse(made.stdout)
    expect(removed).toEqual([old[0]])
    expect(readdirSync(kept).sort()).toEqual([old[1], file.slice(kept.length + 1), 'notes.txt'].sort())
    const checked = await commandOn(address, ['restore', '--from', kept, '--json'])
    expect(JSON.parse(checked.stdout)).toMatchObject({ file })
  })

  test('what cannot be done is said, and leaves no file behind', async () => {
    const file = await backedUp('there')
    const bytes = readFileSync(file)
    const nowhere = await emptyDb()
    for (const [at, line, said] of [
      [address, ['backup', '--to', file], 'is there already'],
      [address, ['backup', '--to', join(directory, 'no', 'such')], 'no directory'],
      [address, ['backup', '--to', toNew('x'), '--keep', '3'], '--keep needs a directory'],
      [nowhere, ['backup', '--to', toNew('unused')], 'never used'],
      [nowhere, ['restore', '--from', toNew('none'), '--yes'], 'There is no'],
    ] as const) {
      const ended = await commandOn(at, [...line])
      expect(ended.code, said).not.toBe(0)
      expect(ended.stderr).toContain(said)
    }
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(existsSync(toNew('unused'))).toBe(false)
    expect(await held(nowhere)).toEqual(empty)
  })
})

test('rows that are read more slowly than they come do not hold up the next statement of the connection', async () => {
  await inside(address, async (sql) => {
    const rows = await sql.unsafe(`copy (select repeat('x', 20000) from generate_series(1, 4)) to stdout`).readable()
    await sleep(200)
    let bytes = 0
    for await (const row of rows) bytes += row.length
    expect(bytes).toBe(4 * 20_001)
    expect((await sql`select 1 as one`)[0]).toEqual({ one: 1 })
  })
})

describe('a backup that breaks off', () => {
  /** A reader of the snapshot, of a database with more rows than fit into its sockets. */
  async function reading(take: (first: () => Promise<unknown>) => Promise<void>) {
    await inside(
      address,
      (sql) => sql`
      insert into idempotency (slot, body_digest, operation, reply, expires_at)
      select sha256(n::text::bytea), '', 'test', decode(repeat('ab', 20000), 'hex'), now() + interval '1 day'
      from generate_series(1, 2000) n on conflict do nothing`,
    )
    const sql = connect(address, { max: 1, name: 'countersign backup', session: plainly })
    try {
      await inSnapshot(sql, '0.0.0', async (_seal, parts) => {
        const rest = parts[Symbol.asyncIterator]()
        await take(async () => {
          for (let next = await rest.next(); !next.done; next = await rest.next())
            if (next.value.kind === 'rows' && next.value.bytes.length > 60_000) return next.value
          return undefined
        })
      })
    } finally {
      await sql.end({ timeout: 1 })
    }
  }

  test('because its file cannot be written ends at once, with the reason', async () => {
    await expect(
      reading(async (first) => {
        await first()
        throw new Error('The disk is full.')
      }),
    ).rejects.toThrow('The disk is full.')
  })

  test('because its connection was cut ends at once', async () => {
    await expect(
      reading(async (first) => {
        await first()
        await onServer(
          (sql) => sql`
          select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'countersign backup'`,
        )
        while (await first());
      }),
    ).rejects.toThrow()
  })
})
