import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { z } from 'zod'
import { derive } from '../lib/crypto.ts'
import { type Part, readParts, written } from './parts.ts'
import { DamagedArchive, openStream, sealStream } from './sealed.ts'

/** The first line of every archive. */
const magic = 'countersign backup 1\n'
const largestHead = 4096

const hex = z
  .string()
  .regex(/^([0-9a-f]{2})+$/)
  .transform((text): Uint8Array => Buffer.from(text, 'hex'))
const head = z.strictObject({ check: hex, root: hex, salt: hex })

/** What ties an archive to its instance (`readSeal`); readable without a key, and of no use without the master key. */
export type Seal = { check: Uint8Array; root: Uint8Array }

/** The key of one archive alone, made of the instance's key for backups. */
const keyOf = (instance: Uint8Array, salt: Uint8Array) => derive(instance, 'archive', salt)

/**
 * Writes an archive to a new file that only this account reads; it is on disk when this returns. Memory does not grow with
 * what is written.
 * @param key the instance's key for backups
 */
export async function writeArchive(
  path: string,
  { seal, key, parts, signal }: { seal: Seal; key: Uint8Array; parts: AsyncIterable<Part>; signal: AbortSignal },
): Promise<void> {
  const salt = randomBytes(32)
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  const line = JSON.stringify({ check: text(seal.check), root: text(seal.root), salt: text(salt) })
  const bound = Buffer.from(`${magic}${line}\n`)
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bound)
    await pipeline(
      async function* () {
        for await (const part of parts) yield written(part)
      },
      // Columns of bytes are written as hex, and rows are alike.
      createGzip({ level: 3 }),
      (packed: AsyncIterable<Uint8Array>) => sealStream(keyOf(key, salt), bound, packed),
      async (sealed: AsyncIterable<Uint8Array>) => {
        for await (const bytes of sealed) await file.writeFile(bytes) // goes on where the last one ended
      },
      { signal },
    )
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The head of an archive; nothing of it is proven yet. @throws {DamagedArchive} */
async function readHead(path: string): Promise<{ seal: Seal; salt: Uint8Array; bound: Buffer }> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(largestHead), 0, largestHead, 0)
    const end = buffer.subarray(0, bytesRead).indexOf('\n', magic.length) + 1
    if (!buffer.subarray(0, bytesRead).toString('latin1').startsWith(magic) || end === 0)
      throw new DamagedArchive('It is no backup of Countersign.')
    const bound = buffer.subarray(0, end)
    const { salt, ...seal } = head.parse(JSON.parse(bound.subarray(magic.length).toString()))
    return { seal, salt, bound }
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError) throw new DamagedArchive('Its head was changed.')
    throw error
  } finally {
    await file.close()
  }
}

/**
 * Opens an archive: `parts` reads it from the start, each part proven before it is given, as often as wanted. Whatever
 * `keyFor` throws (another master key) is thrown.
 * @param keyFor the instance's key for backups, from what the archive's head says
 * @throws {DamagedArchive}
 */
export async function openArchive(
  path: string,
  keyFor: (seal: Seal) => Uint8Array,
): Promise<{ parts(): AsyncGenerator<Part> }> {
  const { seal, salt, bound } = await readHead(path)
  const key = keyOf(keyFor(seal), salt)
  return {
    async *parts() {
      const packed = openStream(key, bound, createReadStream(path, { start: bound.length }))
      const unpack = createGunzip()
      const unpacked = pipeline(packed, unpack)
      // Who reads meets the same fault.
      unpacked.catch(() => undefined)
      yield* readParts(unpack)
      await unpacked
    },
  }
}
