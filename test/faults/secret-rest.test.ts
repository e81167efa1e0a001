import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { connect } from '../../server/lib/driver/connect.ts'
import { openLog } from '../../server/lib/log.ts'
import { clearKeyring, destroyEpochs } from '../../server/secrets/ended-epochs.ts'
import { type Service, serve } from '../../server/serve.ts'
import { openWorld, type World } from '../../server/world.ts'
import { ageEpochs, readSecret } from '../at-rest.ts'
import { temporaryDirectory } from '../built.ts'
import { dumpOf } from '../dump.ts'
import { makeKey, makeProject } from '../make.ts'
import { freePort } from '../port.ts'
import { configOf } from '../serve.ts'
import { mustBeWellTold } from '../told.ts'
import { until } from '../until.ts'

// A service with an embedded database of its own, whose files are looked at, copied and put back.
const home = temporaryDirectory()
const dataDir = join(home, 'data')
const port = String(await freePort())
const appLog: string[] = []
let service: Service | undefined
afterAll(() => service?.close())

async function startService(): Promise<Service> {
  const config = configOf({ DATA_DIR: dataDir, PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}`, LOG_LEVEL: 'trace' })
  service = await serve(config, openLog('trace', { write: (line: string) => void appLog.push(line) }))
  return service
}

type Canary = { text: string; passphrase: string | undefined; secretKey: string; metadataKey: string; replay: string }

let apiKey = ''
const call = async (path: string, body: Record<string, unknown> = {}, headers: Record<string, string> = {}) => {
  const reply = await fetch(`${service?.url}/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: reply.status, json: await reply.json() }
}

/** One of 200 secrets, each made in another way. */
async function share(n: number): Promise<Canary> {
  const text = `CANARY${randomBytes(12).toString('hex')}`
  const passphrase = n % 4 === 1 ? `PASS${randomBytes(8).toString('hex')}` : undefined
  const replay = `replay-${randomBytes(8).toString('hex')}`
  const headers: Record<string, string> = n % 4 === 2 ? { 'idempotency-key': replay } : {}
  const wish = { secret: text, ttl: n % 2 ? 3600 : 300_000, memo: `number ${n}`, ...(passphrase ? { passphrase } : {}) }
  const { status, json } = await call('/share', wish, headers)
  if (status !== 200) throw new Error(`share answered ${status}`)
  return { text, passphrase, replay, secretKey: json.secret_key, metadataKey: json.metadata_key }
}

/** One thing for each, eight at a time. */
async function forEach<Thing>(things: readonly Thing[], act: (thing: Thing) => Promise<void>): Promise<void> {
  const rest = [...things]
  const lane = async () => {
    for (let thing = rest.shift(); thing !== undefined; thing = rest.shift()) await act(thing)
  }
  await Promise.all(Array.from({ length: 8 }, lane))
}

/** Everything in a directory, file by file. */
const filesIn = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

/** How many of these words stand in any of these bytes: in plain, in hex as dumps write bytes, or in base64. */
function found(words: readonly string[], haystacks: Iterable<Buffer>): number {
  // By their first bytes: hundreds of megabytes are looked through for thousands of forms.
  const byStart = new Map<number, { word: string; form: Buffer }[]>()
  const isStart = new Uint8Array(1 << 16)
  const pair = (bytes: Buffer, i: number) => ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)
  const at = (bytes: Buffer, i: number) => (pair(bytes, i) << 8) | (bytes[i + 2] ?? 0)
  for (const word of words) {
    const bytes = Buffer.from(word)
    // Of the three ways to lie in base64, the one from its beginning.
    for (const form of [
      bytes,
      Buffer.from(bytes.toString('hex')),
      Buffer.from(bytes.toString('base64').slice(0, 24)),
    ]) {
      const start = at(form, 0)
      isStart[pair(form, 0)] = 1
      byStart.set(start, [...(byStart.get(start) ?? []), { word, form }])
    }
  }
  const seen = new Set<string>()
  for (const hay of haystacks)
    for (let i = 0; i + 3 <= hay.length; i++) {
      if (isStart[pair(hay, i)] !== 1) continue
      for (const { word, form } of byStart.get(at(hay, i)) ?? [])
        if (form.compare(hay, i, Math.min(hay.length, i + form.length)) === 0) seen.add(word)
    }
  return seen.size
}

function* contentsOf(files: readonly string[]): Generator<Buffer> {
  for (const file of files) yield readFileSync(file)
}

/** How many words are left anywhere: files of the database with its WAL and log, what we log, a dump. */
async function foundAnywhere(words: readonly string[], world: World): Promise<number> {
  const owner = connect(world.address, { max: 1, name: 'test' })
  await owner`checkpoint`
  const dump = await dumpOf(owner)
  await owner.end()
  const files = filesIn(dataDir)
  expect(files.some((file) => file.includes('pg_wal'))).toBe(true)
  expect(files.some((file) => file.endsWith('postgres.log'))).toBe(true)
  return found(words, [...contentsOf(files), Buffer.from(dump), Buffer.from(appLog.join('\n'))])
}

/** The database put back from a copy, with a keyring, and how many of the secrets it opens. */
async function openedFrom(name: string, backup: string, keyring: string, canaries: readonly Canary[]): Promise<number> {
  const dir = join(home, name)
  mkdirSync(dir, { mode: 0o755 })
  execFileSync('cp', ['-a', backup, join(dir, 'embedded')])
  if (existsSync(keyring)) execFileSync('cp', ['-a', keyring, join(dir, 'keyring')])
  const world = await openWorld({ config: configOf({ DATA_DIR: dir }), log: openLog('silent') })
  try {
    let opened = 0
    for (const { secretKey, passphrase, text } of canaries) {
      const read = await readSecret(world, secretKey, passphrase).catch(() => undefined)
      if (read === text) opened++
    }
    return opened
  } finally {
    await world.close()
  }
}

describe('200 secrets and every copy of the database', () => {
  test('can be read once through the link, and afterwards nowhere', async () => {
    const { world } = await startService()
    const project = await makeProject(world)
    apiKey = (await makeKey(world, project, 'admin', { logging: 'both' })).key
    const canaries: Canary[] = []
    await forEach([...Array(200).keys()], async (n) => void canaries.push(await share(n)))
    const words = canaries.flatMap(({ text, passphrase, secretKey, metadataKey }) =>
      [text, passphrase, secretKey, metadataKey].flatMap((word) => word ?? []),
    )

    // The control: what is written as it is is found, in files and dump.
    const control = `CONTROL${randomBytes(12).toString('hex')}`
    await world.db.sql`insert into rates (key, points, expire) values (${control}, 1, 1e15)`
    await world.db.sql`insert into idempotency (slot, body_digest, operation, reply, expires_at)
      values (${Buffer.from('control')}, '', '', ${Buffer.from(`${control}-sealed`)}, now() + interval '1 hour')`
    expect(await foundAnywhere([control, `${control}-sealed`], world)).toBe(2)
    expect(await foundAnywhere(words, world)).toBe(0)

    // A base backup, with the keyring as it is now.
    await service?.close()
    const [backup, keyring] = [join(home, 'backup'), join(home, 'keyring before')]
    execFileSync('cp', ['-a', join(dataDir, 'embedded'), backup])
    execFileSync('cp', ['-a', join(dataDir, 'keyring'), keyring])
    expect(
      found(
        words,
        filesIn(backup).map((file) => readFileSync(file)),
      ),
    ).toBe(0)

    const after = (await startService()).world
    const [read, burned, left] = [canaries.slice(0, 100), canaries.slice(100, 160), canaries.slice(160)]
    await forEach(read, async ({ secretKey, passphrase, text, replay }) => {
      const path = `/secret/${secretKey}`
      const reply = await call(path, passphrase ? { passphrase } : {}, { 'idempotency-key': replay })
      expect([reply.status, reply.json.value]).toEqual([200, text])
    })
    await forEach(burned, async ({ metadataKey }) => {
      expect((await call(`/private/${metadataKey}/burn`)).status).toBe(200)
    })
    await after.db.sql`update secrets set expires_at = now() where state in ('new', 'viewed')`
    await until(async () => (await after.db.sql`select from secrets where state = 'expired'`).length === left.length)
    expect(await foundAnywhere(words, after)).toBe(0)

    // For a minute who lost the reply can have it again; until then its key is needed.
    await ageEpochs(after)
    expect(await destroyEpochs(after)).toBe(0)
    expect(after.keyring.ids().length).toBeGreaterThan(0)
    await after.db.sql`update secrets set replay_until = now() where replay_until is not null`
    await until(async () => after.keyring.ids().length === 0)
    await clearKeyring(after)
    expect(await foundAnywhere(words, after)).toBe(0)
    await mustBeWellTold(after.db.sql)
    await service?.close()
    service = undefined

    const keyringNow = join(dataDir, 'keyring')
    expect(await openedFrom('restored', backup, keyringNow, canaries)).toBe(0)
    expect(await openedFrom('without keyring', backup, join(home, 'none'), canaries)).toBe(0)
    // The control: the same copy, had the keys not been destroyed.
    expect(await openedFrom('keys kept', backup, keyring, canaries)).toBe(200)
  }, 300_000)
})
