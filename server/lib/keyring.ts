import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { syncDirectory, writeDurably } from './durable.ts'
import { StartFault } from './fault.ts'

/** The keyring's directory cannot be used. */
export class KeyringFault extends StartFault {}

/** Keys in files of a directory that every node shares. They are read anew each time: one that is destroyed is in no memory. */
export type Keyring = {
  /** 32 bytes; undefined when there is no such key here (yet, or any more). */
  read(id: string): Uint8Array | undefined
  /** Makes a random key; on disk when this returns. */
  make(id: string): Uint8Array
  /** Destroys a key for good; one that is not there is destroyed already. */
  destroy(id: string): void
  ids(): string[]
}

const fileShape = /^([0-9A-Z]{26})\.key$/

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT' // fs throws nothing but ErrnoExceptions

/** Opens the keyring, and makes its directory (0700) at the first start. @throws {KeyringFault} */
export function openKeyring(dir: string): Keyring {
  const pathOf = (id: string) => join(dir, `${id}.key`)
  const ids = () => readdirSync(dir).flatMap((name) => fileShape.exec(name)?.[1] ?? [])
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    ids()
  } catch {
    throw new KeyringFault(`KEYRING_DIR ${dir} cannot be used by this account; make it a directory of its own.`)
  }
  return {
    read(id) {
      try {
        const bytes = Buffer.from(readFileSync(pathOf(id), 'utf8').trim(), 'hex')
        return bytes.length === 32 ? bytes : undefined
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },
    make(id) {
      const key = randomBytes(32)
      writeDurably(pathOf(id), `${key.toString('hex')}\n`)
      syncDirectory(dir)
      return key
    },
    destroy(id) {
      try {
        unlinkSync(pathOf(id))
        syncDirectory(dir)
      } catch (error) {
        if (!isMissing(error)) throw error
      }
    },
    ids,
  }
}
