import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Home } from './home.ts'
import { ownedBy } from './owned.ts'
import { port } from './settings.ts'
import { hasCode } from './system.ts'

/** What a postmaster writes to `postmaster.pid`: who it is, where its socket is, and whether it accepts connections. */
export type PidFile = { pid: number; socketDir: string; ready: boolean; text: string }

/** Reads the file; undefined when there is none, or one that is being written. */
export function readPidFile(home: Home): PidFile | undefined {
  try {
    const text = readFileSync(join(home.data, 'postmaster.pid'), 'utf8')
    // pid, data directory, start time, port, socket directory, listen address, shared memory key, status
    const [pid = '', , , , socketDir = '', , , status = ''] = text.split('\n')
    return Number(pid) > 0 ? { pid: Number(pid), socketDir, ready: status.trim() === 'ready', text } : undefined
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/**
 * The postmaster of the file is dead, but its number lives (another process of the account, or a zombie): PostgreSQL would
 * refuse to start. Writes a number that no process has, and keeps the rest: PostgreSQL still looks at its shared memory.
 */
export function disown(home: Home, found: PidFile): void {
  const file = join(home.data, 'postmaster.pid')
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, found.text.replace(/^\d+/, '2147483646'), { mode: 0o600 })
  ownedBy(home.account, draft)
  // Somebody who starts with us may have been faster.
  if (readPidFile(home)?.text === found.text) renameSync(draft, file)
  rmSync(draft, { force: true })
  rmSync(join(home.run, `.s.PGSQL.${port}.lock`), { force: true })
}

/** A file that stayed empty for 2 s is left from a crash in the middle of a start; PostgreSQL would refuse for ever. */
export function dropEmptyPidFile(home: Home): void {
  const file = join(home.data, 'postmaster.pid')
  const found = statSync(file, { throwIfNoEntry: false })
  if (found?.size === 0 && Date.now() - found.mtimeMs > 2000) rmSync(file, { force: true })
}
