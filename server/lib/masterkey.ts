import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, statSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { syncDirectory, writeDurably } from './durable.ts'
import { StartFault } from './fault.ts'
import { keyBytes } from './settings.ts'

/** The master key file cannot be used; told before anything is written. */
export class MasterKeyFault extends StartFault {}

/** Where the master key stands when the environment gives none. */
export const masterKeyFile = (dataDir: string): string => join(dataDir, 'master.key')

/**
 * The master key: the given one, else the one in `DATA_DIR/master.key`, else `undefined`.
 * @throws {MasterKeyFault} when there is a file that cannot be read or holds something else.
 */
export function readMasterKey(from: { dataDir: string; given: Uint8Array | undefined }): Uint8Array | undefined {
  if (from.given) return from.given
  const path = masterKeyFile(from.dataDir)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined // fs throws nothing but ErrnoExceptions
    throw new MasterKeyFault(`The master key file ${path} cannot be read by this account.`)
  }
  const bytes = keyBytes(text.trim())
  if (!bytes) throw new MasterKeyFault(`The master key file ${path} does not hold a key; restore it from your backup.`)
  return bytes
}

/** True when the file stands and others than its owner may touch it; Windows keeps no such bits. */
export function masterKeyIsExposed(dataDir: string): boolean {
  if (process.platform === 'win32') return false
  const found = statSync(masterKeyFile(dataDir), { throwIfNoEntry: false })
  return found !== undefined && (found.mode & 0o077) !== 0
}

/**
 * Makes `DATA_DIR/master.key`: 32 random bytes, readable by this account only, on disk before it is used. Of several
 * starters one wins, by `link`, and the others read its key: nobody ever sees half a file.
 * Only for a database that was never used; the caller knows.
 */
export function createMasterKey(dataDir: string): Uint8Array {
  // Root's embedded database runs as another account that must reach its own directory below this one.
  mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
  const path = masterKeyFile(dataDir)
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  writeDurably(draft, `${randomBytes(32).toString('hex')}\n`)
  try {
    linkSync(draft, path)
    syncDirectory(dataDir)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error // as above
  } finally {
    unlinkSync(draft)
  }
  const key = readMasterKey({ dataDir, given: undefined })
  if (!key) throw new MasterKeyFault(`The master key file ${path} went away while it was made.`)
  return key
}
