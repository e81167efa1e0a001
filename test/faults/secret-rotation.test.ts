import { randomBytes } from 'node:crypto'
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import { holders, rotate } from '../../server/instance/rotation.ts'
import { WrongMasterKey } from '../../server/instance.ts'
import { packageRoot } from '../../server/lib/root.ts'
import { forgetMissing } from '../../server/secrets/missing.ts'
import type { World } from '../../server/world.ts'
import { makeSecretIn, peekSecret, readSecret } from '../at-rest.ts'
import { bundle } from '../bundle.ts'
import { makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { codeOf } from '../refusals.ts'
import { serve, testWorld, worldAt } from '../serve.ts'
import { often } from '../thorough.ts'
import { until } from '../until.ts'
import { start } from './child.ts'

const masters = Array.from({ length: 60 }, () => randomBytes(32).toString('hex'))
/** The variables of somebody who has the first so many keys; the last of them is the present one. */
const having = (count: number) => ({
  MASTER_KEY: masters[count - 1],
  PREVIOUS_MASTER_KEYS: count > 1 ? masters.slice(0, count - 1).join() : undefined,
})

let program = ''
let outDir = ''
beforeAll(async () => {
  // In the package: it reads the migrations.
  outDir = mkdtempSync(join(packageRoot, 'dist-'))
  chmodSync(outDir, 0o755)
  program = await bundle(join(packageRoot, 'test', 'faults', 'rotate.child.ts'), { outDir })
})
afterAll(() => rmSync(outDir, { recursive: true, force: true }))

/** Secrets by their link, and which of them somebody has begun to read. */
type Book = { texts: Map<string, string>; taken: Set<string>; faults: string[] }

async function fill(world: World, project: { id: string }, book: Book): Promise<void> {
  const content = `text ${randomBytes(8).toString('hex')}`
  book.texts.set((await makeSecretIn(world, project, { content })).key, content)
}

const anyOf = ({ texts, taken }: Book): [string, string] | undefined => {
  const open = [...texts].filter(([key]) => !taken.has(key))
  return open[Math.floor(Math.random() * open.length)]
}

/** Somebody who looks, reads and makes secrets until told to stop; what goes wrong is noted. */
function work(world: World, project: { id: string }, book: Book): () => Promise<void> {
  let going = true
  const again = async (pause: number, act: (key: string, text: string) => Promise<unknown>) => {
    for (; going; await sleep(pause)) {
      const [key, text] = anyOf(book) ?? []
      if (key !== undefined && text !== undefined)
        await act(key, text).catch((thrown) => book.faults.push(String(thrown)))
    }
  }
  const must = (right: boolean, what: string) => void (right || book.faults.push(what))
  const all = Promise.all([
    ...[1, 2].map((pause) =>
      again(pause, async (key, text) => {
        const seen = await peekSecret(world, key)
        must(seen === text || (seen === undefined && book.taken.has(key)), `saw ${seen}`)
      }),
    ),
    again(20, async (key, text) => {
      book.taken.add(key)
      const read = await readSecret(world, key)
      must(read === text, `read ${read}`)
    }),
    again(30, () => fill(world, project, book)),
  ])
  return async () => {
    going = false
    await all
  }
}

/** Rotates by processes that are killed at random points, from key to key, until there were enough; answers how many keys it took. */
async function rotateUnderKills(
  world: World,
  kind: 'ours' | 'naive',
  isEnough: (killed: number, keys: number) => Promise<boolean>,
) {
  let [count, killed, midway, spread] = [2, 0, 0, 200]
  while (!(await isEnough(killed, count))) {
    const keys = masters.slice(0, count).reverse().join()
    const child = start([program, JSON.stringify(world.address), world.config.keyringDir, keys, kind])
    await child.line((line) => line === 'begun')
    await sleep(Math.random() * spread)
    child.process.kill('SIGKILL')
    const { lines } = await child.ended
    if (lines.some((line) => line.startsWith('{'))) {
      // It was done before: the next one rotates once more, and has less time.
      count++
      spread /= 2
      continue
    }
    killed++
    const left = await world.db.sql`select generation from instance_keys`
    if (left.length > 1) midway++
    else spread *= 1.5
  }
  return { count, midway }
}

describe('rotation of the master key', async () => {
  const world = await testWorld(having(1))
  const project = await makeProject(world)
  const naive = await testWorld(having(1))
  const naiveProject = await makeProject(naive)
  const owner = ownerOf(naive)

  test('under kill -9 at random points leaves no row behind, and readers notice nothing', async () => {
    const book: Book = { texts: new Map(), taken: new Set(), faults: [] }
    for (let n = 0; n < often(500, 5000); n++) await fill(world, project, book)
    const node = await worldAt(world.address, having(masters.length))
    const stop = work(node, project, book)
    const { count, midway } = await rotateUnderKills(world, 'ours', async (killed) => killed === often(5, 20))
    const rotator = await worldAt(world.address, having(count))
    const last = await rotate(rotator)
    await stop()
    expect(book.faults).toEqual([])
    expect(midway).toBeGreaterThan(0)
    expect(last).toMatchObject({ kept: 0 })
    expect(await rotate(rotator)).toEqual({ changed: false, rows: 0, ended: 0, kept: 0 })

    const { sql } = world.db
    const generations = await sql`select generation from instance_keys`
    expect(generations).toHaveLength(1)
    expect(await sql`select from secrets where key_version <> ${generations[0]?.generation}`).toHaveLength(0)
    expect(await sql`select from secrets where state = 'received' and data_key is not null`).toHaveLength(0)

    // Whoever has the new key alone reads everything that nobody has read; the old one alone opens nothing any more.
    const fresh = await worldAt(world.address, { MASTER_KEY: masters[count - 1] })
    for (const [key, text] of book.texts) if (!book.taken.has(key)) expect(await peekSecret(fresh, key)).toBe(text)
    await expect(worldAt(world.address, having(1))).rejects.toThrow(WrongMasterKey)
  }, 600_000)

  test('that lets the old key go first loses what it had not come to (control)', async () => {
    const book: Book = { texts: new Map(), taken: new Set(), faults: [] }
    for (let n = 0; n < 500; n++) await fill(naive, naiveProject, book)
    await owner`alter table secrets drop constraint secrets_key_version_instance_keys_generation_fk`
    let lost = 0
    await rotateUnderKills(naive, 'naive', async (killed, keys) => {
      const after = await worldAt(naive.address, having(keys))
      for (const key of book.texts.keys()) if ((await codeOf(peekSecret(after, key))) !== 'done') lost++
      await after.close()
      return lost > 0 || killed === 20
    })
    expect(lost).toBeGreaterThan(0)
  }, 120_000)

  test('reaches every table that names a sealing key', async () => {
    const tables = await world.db.sql<{ name: string }[]>`
      select distinct conrelid::regclass::text as name from pg_constraint
      where contype = 'f' and confrelid = 'instance_keys'::regclass order by 1`
    expect(tables.map(({ name }) => name)).toEqual(Object.keys(holders).sort())
  })
})

describe('a running node', async () => {
  const service = await serve(having(1))
  const both = await serve(having(2), { address: service.world.address })
  const project = await makeProject(service.world)
  const readyz = async (url: string) => {
    const reply = await fetch(`${url}/readyz`)
    return [reply.status, (await reply.json()).lacks]
  }

  test('that has the old key only says so once rows need the new one, and loses nothing', async () => {
    const [before, fileless] = [await makeSecretIn(service.world, project), await makeSecretIn(service.world, project)]
    await both.world.db
      .sql`update secrets set data_key = null, content = null, state = 'burned' where id = ${fileless.id}`
    expect(await readyz(service.url)).toEqual([200, undefined])
    expect(await rotate(both.world)).toEqual({ changed: true, rows: 2, ended: 1, kept: 0 })
    await until(async () => (await readyz(service.url))[0] === 503)
    expect(await readyz(service.url)).toEqual([503, 'master key'])
    expect(await codeOf(readSecret(service.world, before.key))).toBe('KEY_MISSING')
    expect(await codeOf(makeSecretIn(service.world, project))).toBe('KEY_MISSING')
    expect(await readyz(both.url)).toEqual([200, undefined])
    expect(await readSecret(both.world, before.key)).toBe('a secret')
  })

  test('that has both keys seals under the new one by itself', async () => {
    const third = await worldAt(service.world.address, having(3))
    const ahead = await worldAt(service.world.address, having(3))
    await rotate(ahead)
    const { key } = await makeSecretIn(third, project)
    expect(await readSecret(ahead, key)).toBe('a secret')
  })

  test('says which key it lacks while its keyring is another one, and needs no restart once it is there', async () => {
    const keyringDir = mkdtempSync(join(tmpdir(), 'countersign-keyring-'))
    const away = await serve({ ...having(3), KEYRING_DIR: keyringDir }, { address: service.world.address })
    const third = await worldAt(service.world.address, having(3))
    const { key, id } = await makeSecretIn(third, project)
    expect(await readyz(away.url)).toEqual([503, 'keyring'])
    expect(await codeOf(readSecret(away.world, key))).toBe('KEY_MISSING')
    const [row] = await third.db.sql<{ epoch_id: string }[]>`select epoch_id from secrets where id = ${id}`
    copyFileSync(join(third.config.keyringDir, `${row?.epoch_id}.key`), join(keyringDir, `${row?.epoch_id}.key`))
    await until(async () => (await readyz(away.url))[0] === 200)
    expect(await readSecret(away.world, key)).toBe('a secret')
    rmSync(keyringDir, { recursive: true })
  })
})

describe('a rotation without the key of an epoch', async () => {
  const world = await testWorld({ ...having(1), KEYRING_DIR: mkdtempSync(join(tmpdir(), 'countersign-keyring-')) })
  afterAll(() => rmSync(world.config.keyringDir, { recursive: true, force: true }))
  const project = await makeProject(world)

  test('keeps the rows that it cannot move and what they need, and ends once the key is given up', async () => {
    const [lost, moved] = [
      await makeSecretIn(world, project, { ttl: 60 }),
      await makeSecretIn(world, project, { ttl: 200_000 }),
    ]
    const [row] = await world.db.sql<{ epoch_id: string }[]>`select epoch_id from secrets where id = ${lost.id}`
    world.keyring.destroy(row?.epoch_id ?? '')
    const next = await worldAt(world.address, { ...having(2), KEYRING_DIR: world.config.keyringDir })
    expect(await rotate(next)).toEqual({ changed: true, rows: 1, ended: 0, kept: 1 })
    expect(await rotate(next)).toEqual({ changed: false, rows: 0, ended: 0, kept: 1 })
    await forgetMissing(systemCtx(next, 'command line'))
    expect(await rotate(next)).toEqual({ changed: false, rows: 1, ended: 1, kept: 0 })
    expect(await readSecret(next, moved.key)).toBe('a secret')
  })
})
