import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, requireGuard } from '../../server/lib/driver/connect.ts'
import { guarded } from '../../server/lib/driver/guard.ts'
import { patches } from '../../server/lib/driver/hunks.ts'
import { type Embedded, startEmbedded } from '../../server/lib/embedded/index.ts'
import { packageRoot } from '../../server/lib/root.ts'
import { bundle } from '../bundle.ts'
import { type Ended, runToEnd } from './child.ts'

const dir = mkdtempSync(join(tmpdir(), 'countersign-driver-'))
const driver = join(packageRoot, 'node_modules', 'postgres', 'src')
const original = (file: string) => readFileSync(join(driver, file), 'utf8')
const source = (name: string) => join(packageRoot, 'test', 'faults', name)

let embedded: Embedded
let socket = ''
type Programs = Record<'driver' | 'transaction', string>
let withGuard: Programs
let without: Programs

beforeAll(async () => {
  chmodSync(dir, 0o755)
  embedded = await startEmbedded({ dataDir: join(dir, 'data'), log: () => {} })
  if (typeof embedded.address === 'string') throw new Error('The embedded database has no URL')
  socket = join(embedded.address.host, `.s.PGSQL.${embedded.address.port}`)
  const programs = async (guard: boolean): Promise<Programs> => {
    const outDir = join(dir, guard ? 'guarded' : 'unguarded')
    return {
      driver: await bundle(source('driver.child.ts'), { guard, outDir }),
      transaction: await bundle(source('transaction.child.ts'), { guard, outDir }),
    }
  }
  withGuard = await programs(true)
  without = await programs(false)
})

afterAll(async () => {
  await embedded.release()
  rmSync(dir, { recursive: true, force: true })
})

const saw = ({ lines }: Ended) => JSON.parse(lines.at(-1) ?? '{}')

describe('a connection that is cut 30 times under load', () => {
  const ways = ['FIN', 'RST', 'terminate']
  const lives = async (way: string) => {
    const ended = await runToEnd([withGuard.driver, socket, way, '30'])
    expect(ended, ended.errors).toMatchObject({ code: 0, signal: null })
    expect(saw(ended)).toMatchObject({ hung: 0, wrong: [], halves: 0, working: 10 })
    expect(saw(ended).settled).toBeGreaterThan(300)
    expect(saw(ended).refused).toBeGreaterThan(0)
    expect(saw(ended).slowest).toBeLessThan(5000)
  }
  const diesOrHangs = async (way: string) => {
    const ended = await runToEnd([without.driver, socket, way, '30'])
    expect(ended.code !== 0 || saw(ended).hung > 0 || saw(ended).working < 10).toBe(true)
  }

  test.concurrent.each(ways)('by %s: the process lives, every query ends in 10 s, service is back in 5 s', lives)
  test.concurrent.each(ways)('by %s: the driver without the guard dies or hangs (control)', diesOrHangs)
  // Last: it cuts everybody.
  test('by a restart: the process lives, every query ends in 10 s, service is back in 5 s', () => lives('restart'))
  test('by a restart: the driver without the guard dies or hangs (control)', () => diesOrHangs('restart'))
})

describe('a transaction', () => {
  // The restarts above may still be under way: what is asked here is not whether a first connection is made.
  beforeAll(async () => {
    const sql = connect(embedded.address, { max: 1, name: 'countersign test' })
    const isUp = () =>
      sql`select 1`.then(
        () => true,
        () => false,
      )
    while (!(await isUp())) await sleep(50)
    await sql.end()
  })
  const run = async (programs: Programs, scene: string) => {
    const ended = await runToEnd([programs.transaction, socket, scene], 30_000)
    return ended.code === 0 ? saw(ended) : { died: ended.errors }
  }

  test('that goes on after its connection was lost writes nothing', async () => {
    expect(await run(withGuard, 'orphan')).toEqual({ ended: 'refused', rows: 0 })
  })
  test('that goes on after its connection was lost writes outside of itself without the guard (control)', async () => {
    // Whether the lost connection is used again in time is a race: it is run until it was seen.
    let seen: unknown
    for (let runs = 0; runs < 20; runs++) {
      seen = await run(without, 'orphan')
      if (!isDeepStrictEqual(seen, { ended: 'refused', rows: 0 })) break
    }
    expect(seen).not.toEqual({ ended: 'refused', rows: 0 })
  })
  test('may begin at any depth of a full pipeline', async () => {
    expect(await run(withGuard, 'pipeline')).toEqual({ failed: [] })
  })
  test('may not begin at any depth of a full pipeline without the guard (control)', async () => {
    expect(await run(without, 'pipeline')).not.toEqual({ failed: [] })
  })
})

describe('a path that goes silent', () => {
  const run = async (programs: Programs) => saw(await runToEnd([programs.transaction, socket, 'silence'], 30_000))

  test('is given up after answer_timeout, and the pool works again', async () => {
    expect(await run(withGuard)).toEqual({ first: 'ANSWER_TIMEOUT', second: 'answered' })
  })
  test('holds its connection without the guard (control)', async () => {
    expect(await run(without)).toEqual({})
  })
})

type Queue = { length: number; push(x: object): object; shift(): object | undefined; remove(x: object): object | null }

/** The queue of a text of queue.js, over a list that counts how many slots each search walks. */
async function queueOf(text: string): Promise<{ queue: Queue; walked: () => number }> {
  let walked = 0
  class Counted extends Array<object> {
    override indexOf(x: object, from = 0): number {
      const at = super.indexOf(x, from)
      walked += (at === -1 ? this.length : at + 1) - from
      return at
    }
  }
  const { default: make }: { default: (initial: object[]) => Queue } = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(text)}`
  )
  return { queue: make(new Counted()), walked: () => walked }
}

/** 200 000 turns of a pool's life with 12 elements: shift one, push it back, and now and then remove one from within. */
async function age(text: string): Promise<number> {
  const { queue, walked } = await queueOf(text)
  const model = Array.from({ length: 12 }, (_, n) => queue.push({ n }))
  for (let turn = 0; turn < 200_000; turn++) {
    const next = model.shift()
    expect(queue.shift() === next).toBe(true)
    if (next) model.push(queue.push(next))
    if (turn % 100 !== 0) continue
    const [within] = model.splice(turn % model.length, 1)
    if (!within) continue
    expect(queue.remove(within) === within).toBe(true)
    expect(queue.remove(within)).toBe(null)
    model.push(queue.push(within))
    expect(queue.length).toBe(model.length)
  }
  return walked()
}

describe('the queue of the driver', () => {
  test('searches only what is in it, however old it is', async () => {
    // 2 000 turns with two searches of at most 12 elements each.
    expect(await age(guarded('queue.js', original('queue.js')))).toBeLessThan(2000 * 24 + 1)
  })
  test('searches all that ever was in it without the guard (control)', async () => {
    expect(await age(original('queue.js'))).toBeGreaterThan(100_000_000)
  })
  test('answers nothing when it is empty, and works on', async () => {
    const { queue } = await queueOf(guarded('queue.js', original('queue.js')))
    expect([queue.shift(), queue.length]).toEqual([undefined, 0])
    const one = queue.push({})
    expect([queue.length, queue.shift() === one, queue.shift(), queue.length]).toEqual([1, true, undefined, 0])
  })
})

describe('the guard', () => {
  test('is in the driver that tests use, and start-up refuses one without it', async () => {
    expect(() => requireGuard(postgres)).not.toThrow()
    expect(() => requireGuard(() => {})).toThrow('The postgres driver is not guarded')
  })
  test.each([
    [true, 'opened'],
    [false, 'Error: The postgres driver is not guarded'],
  ])('in the build: %s, and what comes of opening a database: %s', async (guard, answer) => {
    const program = await bundle(source('refused.child.ts'), { guard, outDir: join(dir, `opens-${guard}`) })
    const ended = await runToEnd([program])
    expect(ended.lines[0]).toMatch(answer)
  })
  test.each(Object.keys(patches))('refuses a %s of another version', (file) => {
    expect(guarded(file, original(file))).not.toBe(original(file))
    expect(() => guarded(file, `${original(file)}\n`)).toThrow('not the text of version 3.4.9')
  })
})
