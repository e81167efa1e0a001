import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs'
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

const pathIn = (dir: string, id: string) => join(dir, `${id}.key`)

/** A key of a keyring, also while there is no such directory: it is looked at and not made. */
export function readKey(dir: string, id: string): Uint8Array | undefined {
  try {
    const bytes = Buffer.from(readFileSync(pathIn(dir, id), 'utf8').trim(), 'hex')
    return bytes.length === 32 ? bytes : undefined
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** True when the directory stands and others than its owner may look into it; Windows keeps no such bits. */
export function keyringIsExposed(dir: string): boolean {
  if (process.platform === 'win32') return false
  const found = statSync(dir, { throwIfNoEntry: false })
  return found !== undefined && (found.mode & 0o077) !== 0
}

/** Opens the keyring, and makes its directory (0700) at the first start. @throws {KeyringFault} */
export function openKeyring(dir: string): Keyring {
  const ids = () => readdirSync(dir).flatMap((name) => fileShape.exec(name)?.[1] ?? [])
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    ids()
  } catch {
    throw new KeyringFault(`KEYRING_DIR ${dir} cannot be used by this account; make it a directory of its own.`)
  }
  return {
    read: (id) => readKey(dir, id),
    make(id) {
      const key = randomBytes(32)
      writeDurably(pathIn(dir, id), `${key.toString('hex')}\n`)
      syncDirectory(dir)
      return key
    },
    destroy(id) {
      try {
        unlinkSync(pathIn(dir, id))
        syncDirectory(dir)
      } catch (error) {
        if (!isMissing(error)) throw error
      }
    },
    ids,
  }
}
