import { createHash } from 'node:crypto'
import { chownSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { StartFault } from '../fault.ts'
import { type Account, isRoot, reaches, unprivileged } from './account.ts'
import { hasCode } from './system.ts'

/** Where one embedded database lives. All paths are real paths. */
export type Home = {
  /** `DATA_DIR/embedded`, or where that link leads. */
  dir: string
  /** The cluster, `PGDATA`. */
  data: string
  /** Holds the unix socket; 0700. */
  run: string
  log: string
  /** Who owns all this and runs the server. */
  account: Account
}

/** Root's place for what an account cannot reach inside DATA_DIR (a checkout in a 0700 home). */
const systemPlace = '/var/lib/countersign'

/** sun_path is 104 bytes on macOS and 108 on Linux, with the closing NUL. */
const longestSocket = 103

/**
 * Finds or makes the home of the database of a DATA_DIR. As root it belongs to an unprivileged account; when that account
 * cannot reach DATA_DIR, the home is a new directory under /var/lib/countersign and `DATA_DIR/embedded` a link to it.
 */
export function openHome(dataDir: string, log: (line: string) => void): Home {
  mkdirSync(dataDir, { recursive: true, mode: isRoot() ? 0o711 : 0o700 })
  const link = join(realpathSync(dataDir), 'embedded')
  const account = settle(link, log)
  const dir = realpathSync(link)
  if (!reaches(account, dir, 1)) {
    throw new StartFault(
      `The account that runs PostgreSQL (uid ${account?.uid}) cannot reach ${dir}. Choose a DATA_DIR whose parent directories others may search.`,
    )
  }
  return { dir, data: join(dir, 'data'), run: openRun(dir, account), log: join(dir, 'postgres.log'), account }
}

/** Makes the home if there is none; answers who owns it. */
function settle(link: string, log: (line: string) => void): Account {
  if (!exists(link)) make(link, log)
  const owner = ownerOf(link)
  if (!isRoot()) {
    if (owner.uid === process.getuid?.()) return undefined
    throw new StartFault(
      `The database in ${link} belongs to another account (uid ${owner.uid}). Start as that account, or choose another DATA_DIR.`,
    )
  }
  if (owner.uid !== 0) return owner
  // Root died between making and giving away.
  const account = unprivileged()
  chownSync(link, account.uid, account.gid)
  return account
}

function make(link: string, log: (line: string) => void): void {
  const account = isRoot() ? unprivileged() : undefined
  try {
    if (reaches(account, join(link, '..'), 1)) {
      mkdirSync(link, { mode: 0o700 })
      return
    }
    mkdirSync(systemPlace, { recursive: true, mode: 0o755 })
    const dir = mkdtempSync(join(systemPlace, 'db-'))
    try {
      symlinkSync(dir, link)
    } catch (error) {
      rmSync(dir, { recursive: true })
      throw error
    }
    log(`PostgreSQL runs as uid ${account?.uid}, which cannot reach ${link}: the data is kept in ${dir}`)
  } catch (error) {
    // Somebody who started with us made it.
    if (hasCode(error, 'EEXIST')) return
    if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) {
      throw new StartFault(`Cannot write to ${join(link, '..')}. Choose another DATA_DIR, or set DATABASE_URL.`)
    }
    throw error
  }
}

const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined

function ownerOf(link: string): { uid: number; gid: number } {
  try {
    const { uid, gid } = statSync(link)
    return { uid, gid }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) throw new StartFault(`${link} is a link to a directory that is gone.`)
    if (hasCode(error, 'EACCES')) {
      throw new StartFault(
        `${link} leads to a directory of another account. Start as that account, or choose another DATA_DIR.`,
      )
    }
    throw error
  }
}

/** The socket's directory: in the home, or in /tmp when that path is too long for a socket. */
function openRun(dir: string, account: Account): string {
  const inside = join(dir, 'run')
  const name = createHash('sha256').update(dir).digest('hex').slice(0, 16)
  const run = Buffer.byteLength(join(inside, '.s.PGSQL.5432')) <= longestSocket ? inside : `/tmp/countersign-${name}`
  try {
    mkdirSync(run, { mode: 0o700 })
    if (account) chownSync(run, account.uid, account.gid)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    const { uid } = lstatSync(run)
    if (account && uid === 0) chownSync(run, account.uid, account.gid)
  }
  const made = lstatSync(run)
  // In /tmp anybody could have been there first.
  if (!made.isDirectory() || made.uid !== (account?.uid ?? process.getuid?.()) || (made.mode & 0o077) !== 0) {
    throw new StartFault(
      `${run} should be a directory (mode 0700) of the account that runs PostgreSQL. Remove it and start again.`,
    )
  }
  return run
}
