import { randomBytes } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openArchive, writeArchive } from '../../server/backup/archive.ts'
import { look } from '../../server/backup/load.ts'
import type { Part } from '../../server/backup/parts.ts'
import { DamagedArchive, openStream, sealStream } from '../../server/backup/sealed.ts'
import { inOrder } from '../../server/backup/tables.ts'
import { temporaryDirectory } from '../built.ts'

const key = randomBytes(32)
const bound = Buffer.from('head')
const seal = { check: randomBytes(32), root: randomBytes(60) }
const signal = new AbortController().signal
const directory = temporaryDirectory()
let files = 0

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}

async function gathered(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const bytes of source) all.push(bytes)
  return Buffer.concat(all)
}

const sealed = (plain: Uint8Array, piece = 50_000) => gathered(sealStream(key, bound, inPieces(plain, piece)))
const opened = (bytes: Uint8Array, piece = 70_000) => gathered(openStream(key, bound, inPieces(bytes, piece)))

const lines = (count: number) =>
  Buffer.from(Array.from({ length: count }, () => `${randomBytes(20).toString('hex')}\n`).join(''))

async function* parts(rows: Uint8Array): AsyncGenerator<Part> {
  yield { kind: 'opening', release: '1.0.0', at: '2026-01-02T03:04:05.000Z', migration: { hash: 'ab', when: 7 } }
  yield { kind: 'table', name: 'things', columns: ['a'] }
  yield { kind: 'rows', bytes: rows }
  yield { kind: 'ending', rows: [{ table: 'things', count: 3 }], sequences: [] }
}

async function archived(rows: Uint8Array = lines(8000)): Promise<string> {
  const file = join(directory, `${++files}.backup`)
  await writeArchive(file, { seal, key, parts: parts(rows), signal })
  return file
}

const read = async (file: string) => look((await openArchive(file, () => key)).parts())

describe('a sealed stream', () => {
  test.each([0, 1, 65_535, 65_536, 65_537, 131_072, 300_000])('opens to the same %i bytes', async (length) => {
    const plain = randomBytes(length)
    for (const piece of [1000, 65_536, 1_000_000]) {
      const bytes = await sealed(plain, piece)
      expect((await opened(bytes, piece + 7)).equals(plain)).toBe(true)
    }
  })

  test('is refused when it was cut, also between two pieces, and when anything follows its end', async () => {
    const plain = randomBytes(200_000)
    const bytes = await sealed(plain)
    const piece = 65_536 + 16
    for (const length of [0, 1, 15, 16, piece - 1, piece, piece + 1, 2 * piece, 3 * piece, bytes.length - 1])
      await expect(opened(bytes.subarray(0, length)), `${length} bytes`).rejects.toThrow(DamagedArchive)
    for (const more of [1, 16, piece])
      await expect(opened(Buffer.concat([bytes, randomBytes(more)]))).rejects.toThrow(DamagedArchive)
  })

  test('is refused when pieces change places, are repeated, or come from another stream of the same key', async () => {
    const piece = 65_536 + 16
    const bytes = await sealed(randomBytes(200_000))
    const at = (n: number) => bytes.subarray(n * piece, (n + 1) * piece)
    const other = await gathered(sealStream(key, Buffer.from('another head'), inPieces(randomBytes(200_000), 9000)))
    for (const wrong of [
      [at(1), at(0), at(2), at(3)],
      [at(0), at(0), at(2), at(3)],
      [at(0), at(1), at(1), at(2), at(3)],
      [at(0), at(2), at(3)],
      [at(0), other.subarray(piece, 2 * piece), at(2), at(3)],
    ])
      await expect(opened(Buffer.concat(wrong))).rejects.toThrow(DamagedArchive)
    expect((await opened(Buffer.concat([at(0), at(1), at(2), at(3)]))).length).toBe(200_000)
  })
})

describe('an archive', () => {
  test('is a file for its owner alone, says nothing of its rows, and reads the same twice', async () => {
    const rows = lines(8000)
    const file = await archived(rows)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const archive = await openArchive(file, (found) => {
      expect(Buffer.from(found.check).equals(seal.check) && Buffer.from(found.root).equals(seal.root)).toBe(true)
      return key
    })
    for (let turn = 0; turn < 2; turn++) {
      const back: Uint8Array[] = []
      for await (const part of archive.parts()) if (part.kind === 'rows') back.push(Buffer.from(part.bytes))
      expect(Buffer.concat(back).equals(rows)).toBe(true)
    }
    const bytes = readFileSync(file)
    expect(bytes.includes('things')).toBe(false)
    expect(bytes.includes(rows.subarray(0, 10))).toBe(false)
    expect((await read(file)).ending.rows).toEqual([{ table: 'things', count: 3 }])
  })

  test('with one bit changed anywhere, in its head too, is refused; so is one that was cut anywhere', async () => {
    const file = await archived()
    const whole = readFileSync(file)
    const headEnd = whole.indexOf('\n', 30) + 1
    const places = [
      ...Array.from({ length: headEnd }, (_, at) => at),
      ...Array.from({ length: 60 }, (_, n) => headEnd + Math.floor((n * (whole.length - headEnd - 1)) / 59)),
    ]
    for (const at of places) {
      const changed = Buffer.from(whole)
      changed[at] = (changed[at] ?? 0) ^ 1
      writeFileSync(file, changed)
      await expect(read(file), `bit at ${at} of ${whole.length}`).rejects.toThrow(DamagedArchive)
    }
    for (let n = 0; n < 60; n++) {
      const length = Math.floor((n * whole.length) / 60)
      writeFileSync(file, whole.subarray(0, length))
      await expect(read(file), `cut to ${length}`).rejects.toThrow(DamagedArchive)
    }
    writeFileSync(file, whole)
    await expect(read(file)).resolves.toBeTruthy()
  })

  test('of another key is not opened, and never written over what is there', async () => {
    const file = await archived()
    const other = await openArchive(file, () => randomBytes(32))
    await expect(look(other.parts())).rejects.toThrow(DamagedArchive)
    await expect(writeArchive(file, { seal, key, parts: parts(lines(1)), signal })).rejects.toThrow('EEXIST')
  })

  test('two of the same rows have nothing in common after their heads', async () => {
    const rows = lines(100)
    const [one, two] = await Promise.all([archived(rows), archived(rows)])
    const [a, b] = [readFileSync(one), readFileSync(two)]
    expect(a.subarray(-64).equals(b.subarray(-64))).toBe(false)
  })
})

test('tables come after all that they refer to, and a ring is no order', () => {
  const named = (...names: string[]) => names.map((name) => ({ name, columns: [] }))
  const needs = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
    { from: 'd', to: 'c' },
  ]
  const order = inOrder(named('a', 'b', 'c', 'd'), needs).map(({ name }) => name)
  for (const { from, to } of needs) expect(order.indexOf(from)).toBeGreaterThan(order.indexOf(to))
  expect(() => inOrder(named('a', 'b'), [...needs, { from: 'b', to: 'a' }])).toThrow('ring')
})
