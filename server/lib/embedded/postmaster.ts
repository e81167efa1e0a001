import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartFault } from '../fault.ts'
import type { Binaries } from './binaries.ts'
import type { Home } from './home.ts'
import { disown, dropEmptyPidFile, readPidFile } from './pidfile.ts'
import { run } from './run.ts'
import { settingsOf } from './settings.ts'
import { hasCode, isPostmaster } from './system.ts'

/** The log is moved to `postgres.log.1` at a start when it is larger than this (bytes). */
const longestLog = 5 * 1024 * 1024

/** The running postmaster of the home, whoever started it. */
export function findPostmaster(home: Home) {
  const found = readPidFile(home)
  return found && isPostmaster(found.pid, home.data) ? found : undefined
}

/**
 * Starts a postmaster and waits until it accepts connections: true. False when it gave up because of another one (racing
 * starters), or of one that died a moment ago and whose last processes still hold its memory: look again.
 */
export async function launch(home: Home, binaries: Binaries): Promise<boolean> {
  const stale = readPidFile(home)
  if (stale && !isPostmaster(stale.pid, home.data)) disown(home, stale)
  dropEmptyPidFile(home)
  const output = openLog(home.log)
  const from = fstatSync(output).size
  try {
    const settings = Object.entries(settingsOf(home)).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const { child, done } = run('postgres', ['-D', home.data, ...settings], { home, binaries, output })
    let code: number | null | undefined
    const over = done.then((ended) => {
      code = ended
    })
    child.unref()
    while (code === undefined) {
      const file = readPidFile(home)
      if (file?.pid === child.pid && file?.ready) return true
      await Promise.race([over, sleep(10)])
    }
    const said = tailOf(output, from)
    if (/lock file ".*" (already exists|is empty)|shared memory block .* is still in use/.test(said)) return false
    throw new StartFault(`The embedded PostgreSQL did not start (see ${home.log}):\n${said.trim()}`)
  } finally {
    closeSync(output)
  }
}

/** Stops the server ("fast": open transactions are rolled back) and waits until it has, 60 s at most. */
export async function stop(home: Home): Promise<boolean> {
  const found = findPostmaster(home)
  if (!found) return true
  try {
    process.kill(found.pid, 'SIGINT')
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error
  }
  for (let waited = 0; waited < 60_000; waited += 10) {
    if (!isPostmaster(found.pid, home.data)) return true
    await sleep(10)
  }
  return false
}

function openLog(file: string): number {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > longestLog) renameSync(file, `${file}.1`)
  return openSync(file, 'a+', 0o600)
}

/** What was written since, 4 KB at most. */
function tailOf(log: number, from: number): string {
  const bytes = Buffer.alloc(4096)
  return bytes.toString('utf8', 0, readSync(log, bytes, 0, bytes.length, from))
}
