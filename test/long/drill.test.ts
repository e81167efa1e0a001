import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, expect, test } from 'vitest'
import { writeArchive } from '../../server/backup/archive.ts'
import { inSnapshot } from '../../server/backup/dump.ts'
import { plainly } from '../../server/backup/tables.ts'
import { connect } from '../../server/lib/driver/connect.ts'
import { openLog } from '../../server/lib/log.ts'
import { destroyEpochs } from '../../server/secrets/ended-epochs.ts'
import { serve as start } from '../../server/serve.ts'
import { openWorld, type World } from '../../server/world.ts'
import { makeAccount } from '../accounts.ts'
import { as } from '../as.ts'
import { ageEpochs, makeSecretIn, peekSecret } from '../at-rest.ts'
import { sealAll, writeEntries } from '../audit.ts'
import { commandIn, commandOn, digests, emptyDb, inside } from '../backups.ts'
import { temporaryDirectory } from '../built.ts'
import { bearer, listen } from '../events.ts'
import { asker } from '../http.ts'
import { makeApproval, makeKey, makeProject } from '../make.ts'
import { dashboardHeaders, makePerson } from '../people.ts'
import { freePort } from '../port.ts'
import { configOf, testWorld } from '../serve.ts'

const home = temporaryDirectory()
const archive = join(home, 'drill.backup')
const live = join(home, 'live keyring')
const world = await testWorld({ KEYRING_DIR: live })
const { address } = world
const project = await makeProject(world)
const { key, actor } = await makeKey(world, project, 'admin')
const person = await makePerson(world, project)

/** Work in eight lanes until it is told to end; answers how often it was done. */
function lanes(work: (n: number) => Promise<unknown>) {
  let ended = false
  let done = 0
  const lane = async () => {
    while (!ended) await work(done++)
  }
  const all = Promise.all(Array.from({ length: 8 }, lane))
  return async () => {
    ended = true
    await all
    return done
  }
}

const write = (n: number) => as(world, actor).values.put({ key_path: `load/${n % 40}`, value: String(n) })

/** Each write is a version and an entry of one commit: a moment has as many of one as of the other. */
const entries = `select count(*)::int as n from events where name = 'value.set' and payload ->> 'key_path' like 'load/%'`
const versions = `select count(*)::int as n from value_versions where key_path like 'load/%'`
const numberOf = async (run: (query: string) => Promise<readonly { n: number }[]>, query: string) =>
  (await run(query))[0]?.n ?? -1

/** Rows of every kind, 5 000 and more. */
async function furnish() {
  for (let at = 0; at < 1500; at += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, n) => as(world, actor).values.put({ key_path: `v/${at + n}`, value: `é\t${n}` })),
    )
  for (let n = 0; n < 200; n++) await makeApproval(world, actor, { key_path: `ask/${n}`, initial_value: 'pending' })
  await writeEntries(world, project.id, 400)
  for (let n = 0; n < 20; n++) await makePerson(world, project, 'MEMBER')
  await sealAll(world)
}

const hour = () => makeSecretIn(world, project, { content: 'kept', ttl: 3600 })
const days = () => makeSecretIn(world, project, { content: 'purged', ttl: 400_000 })
const opens = async (at: World, secrets: readonly { key: string }[]) =>
  (await Promise.all(secrets.map((one) => peekSecret(at, one.key).catch(() => undefined)))).filter(Boolean).length

/** The restored instance with another keyring, looked at and closed. */
async function lookWith<Answer>(dataDir: string, keyring: string, work: (at: World) => Promise<Answer>) {
  const config = configOf({ DATA_DIR: dataDir, KEYRING_DIR: keyring })
  const at = await openWorld({ config, log: openLog('silent') })
  try {
    return await work(at)
  } finally {
    await at.close()
  }
}

test('the drill: a backup under load, another cluster, and everything is there that should be and nothing that should not', async () => {
  await furnish()
  const account = await makeAccount(world, project)
  const kept = await Promise.all(Array.from({ length: 30 }, hour))
  const purged = await Promise.all(Array.from({ length: 30 }, days))
  await as(world, actor).values.put({ key_path: 'before/backup', value: 'here' })

  const stop = lanes(write)
  // The control: without a snapshot the same load is seen torn.
  let torn = 0
  await inside(address, async (sql) => {
    for (let n = 0; n < 30; n++) {
      const one = await numberOf((query) => sql.unsafe(query), entries)
      if (one !== (await numberOf((query) => sql.unsafe(query), versions))) torn++
    }
  })
  const made = await commandOn(address, ['backup', '--to', archive, '--json'])
  const writes = await stop()
  expect(made.code, made.stderr).toBe(0)
  expect(torn).toBeGreaterThan(0)
  expect(writes).toBeGreaterThan(100)
  const { rows } = JSON.parse(made.stdout)
  expect(rows).toBeGreaterThan(5000)

  // After the backup, half of the secrets end and their key is destroyed.
  const keysThen = join(home, 'keyring then')
  cpSync(live, keysThen, { recursive: true })
  await world.db.sql`delete from secrets where id = any(${purged.map(({ id }) => id)}::text[])`
  await ageEpochs(world)
  expect(await destroyEpochs(world)).toBe(1)

  // Another cluster, whose transaction ids begin anew, and the keyring as it is today.
  const dataDir = join(home, 'restored')
  const there = { DATA_DIR: dataDir, KEYRING_DIR: live }
  const restored = await commandIn(there, ['restore', '--from', archive, '--yes', '--json'])
  expect(restored.code, restored.stderr).toBe(0)
  expect(JSON.parse(restored.stdout)).toMatchObject({ rows, missing_keys: 1 })
  expect(restored.stderr).toContain('1 key of one-time secrets')

  const verified = await commandIn(there, ['audit:verify', '--json'])
  expect(verified.code, verified.stderr).toBe(0)
  expect(JSON.parse(verified.stdout)).toMatchObject({ intact: true })

  await lookWith(dataDir, live, async (at) => {
    const run = (query: string) => at.db.sql.unsafe(query) as unknown as Promise<{ n: number }[]> // the queries above
    expect(await numberOf(run, entries)).toBe(await numberOf(run, versions))
    expect([await opens(at, kept), await opens(at, purged)]).toEqual([30, 0])
  })
  // The controls: with the key they would have opened, and without a keyring nothing does.
  expect(await lookWith(dataDir, keysThen, (at) => opens(at, purged))).toBe(30)
  expect(await lookWith(dataDir, join(home, 'no keyring'), (at) => opens(at, kept))).toBe(0)

  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const config = configOf({ ...there, PORT: String(port), PUBLIC_URL: url })
  const service = await start(config, openLog('silent'))
  afterAll(() => service.close())
  const ask = asker(url)
  const answered = await ask('GET', '/v1/key/before/backup', { key })
  expect([answered.status, answered.text]).toEqual([200, '"here"'])
  const me = await ask('GET', '/trpc/me.get?input=%7B%7D', { headers: dashboardHeaders(url, person, project) })
  expect([me.status, me.text.includes(person.email)]).toEqual([200, true])
  expect((await ask('GET', '/v1/key/before/backup', { key: `${key.slice(0, -1)}!` })).status).toBe(401)

  // Waits and events go on; numbers of new rows are new.
  const stream = await listen(url, bearer(key))
  const waiting = ask('GET', '/v1/key/before/backup?wait=30', {
    key,
    headers: { 'if-none-match': String(answered.headers.etag) },
  })
  const put = await ask('PUT', '/v1/key/before/backup', { key, body: { value: 'changed there' } })
  expect(put.status, put.text).toBe(200)
  expect((await waiting).text).toBe('"changed there"')
  expect((await stream.until(1))[0]).toMatchObject({ event: 'value.set' })
  stream.close()
  const [numbers] = await service.world.db.sql<{ newest: string; there: string; offset: number }[]>`
    select (select name from events order by tick desc, seq desc limit 1) as newest,
      (select payload ->> 'key_path' from events order by tick desc, seq desc limit 1) as there,
      (select tick_offset from instance) as offset`
  expect(numbers).toMatchObject({ newest: 'value.set', there: 'before/backup' })
  expect(Number(numbers?.offset)).toBeGreaterThan(0)

  // The same seed gives the same code at the same time.
  const codeAt = async (at: World) =>
    JSON.stringify((await as(at, actor).accounts.codes({ ids: account.id })).items[0]?.code)
  await expect.poll(async () => (await codeAt(world)) === (await codeAt(service.world))).toBe(true)
  expect(await codeAt(world)).toMatch(/^"\d{6}"$/)
  await sealAll(service.world)
  await service.close()
  expect((await commandIn(there, ['audit:verify'])).code).toBe(0)

  // The control: a row that somebody changed in what was restored is found.
  await lookWith(dataDir, live, (at) =>
    inside(at.address, async (sql) => {
      await sql`alter table events disable trigger user`
      await sql`update events set target = 'value:another' where seq = (select min(seq) from events where name = 'value.set')`
      await sql`alter table events enable trigger user`
    }),
  )
  expect(await commandIn(there, ['audit:verify'])).toMatchObject({ code: 1 })
}, 300_000)

test('the same archive restored twice is the same database, row by row', async () => {
  const two = await Promise.all([emptyDb(), emptyDb()])
  for (const to of two) expect(await commandOn(to, ['restore', '--from', archive, '--yes'])).toMatchObject({ code: 0 })
  const [one, other] = await Promise.all(two.map(digests))
  expect(one).toEqual(other)
  expect(readFileSync(archive).includes(person.email)).toBe(false)
}, 120_000)

test('a large database needs no more memory than a small one', async () => {
  await inside(
    address,
    (sql) => sql`
    insert into idempotency (slot, body_digest, operation, reply, expires_at)
    select sha256(n::text::bytea), '', 'test', decode(repeat(md5(n::text), 1250), 'hex'), now() + interval '1 day'
    from generate_series(1, 6000) n`,
  )
  // What others left behind would count as "before", and hide as much when it goes meanwhile.
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  /** Most that was held at once (bytes), beyond what was before. */
  async function peak(work: () => Promise<unknown>): Promise<number> {
    const now = () => process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed
    collect()
    const before = now()
    let most = 0
    const look = setInterval(() => {
      most = Math.max(most, now() - before)
    }, 5)
    await work()
    clearInterval(look)
    return Math.max(most, now() - before)
  }
  const reading = async (hold: boolean) => {
    const sql = connect(address, { max: 1, name: 'countersign backup', session: plainly })
    const held: Uint8Array[] = []
    const path = join(home, `large ${hold}`)
    await inSnapshot(sql, '0.0.0', (seal, parts) => {
      const through = async function* () {
        for await (const part of parts) {
          if (hold && part.kind === 'rows') held.push(part.bytes)
          yield part
        }
      }
      return writeArchive(path, { seal, key: Buffer.alloc(32), parts: through(), signal: new AbortController().signal })
    })
    await sql.end({ timeout: 5 })
    return held.length
  }
  const streamed = await peak(() => reading(false))
  // The control: 240 MB of rows, kept.
  const keptAll = await peak(() => reading(true))
  process.stdout.write(`peak: ${Math.round(streamed / 1e6)} MB streamed, ${Math.round(keptAll / 1e6)} MB kept\n`)
  expect(keptAll).toBeGreaterThan(200e6)
  expect(streamed).toBeLessThan(150e6)
}, 180_000)
