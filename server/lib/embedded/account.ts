import { readFileSync, type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartFault } from '../fault.ts'

/** The unprivileged account that runs PostgreSQL when we are root; undefined means: as ourselves. */
export type Account = { uid: number; gid: number } | undefined

/** Is this process root? (PostgreSQL refuses to be.) */
export const isRoot = (): boolean => process.getuid?.() === 0

/** The first account that exists of postgres, node, nobody. Throws when there is none. */
export function unprivileged(): { uid: number; gid: number } {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'node', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (uid && gid && Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new StartFault(
    'PostgreSQL does not run as root, and there is no account postgres, node or nobody to run it. Start as an ordinary user, or set DATABASE_URL.',
  )
}

/**
 * May the account use what is at the path: search every directory above it, and `need` it (4 read, 1 search or execute)?
 * By the mode bits alone: other groups and access lists are not asked.
 */
export function reaches(account: Account, path: string, need: number): boolean {
  if (!account) return true
  const allows = (stat: Stats, bits: number) => {
    const shift = stat.uid === account.uid ? 6 : stat.gid === account.gid ? 3 : 0
    return ((stat.mode >> shift) & bits) === bits
  }
  if (!allows(statSync(path), need)) return false
  for (let at = path; at !== dirname(at); ) {
    at = dirname(at)
    if (!allows(statSync(at), 1)) return false
  }
  return true
}
