import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { StartFault } from '../fault.ts'
import type { Binaries } from './binaries.ts'
import type { Home } from './home.ts'

/**
 * Starts one of the programs as the home's account, in a session of its own (a terminal's ^C is not for it), with nothing
 * of our environment (the master key is in there). Both outputs go to `output`, a file descriptor.
 */
export function run(
  program: string,
  args: string[],
  { home, binaries, output }: { home: Home; binaries: Binaries; output: number },
) {
  const file = join(binaries.bin, program)
  const child = spawn(file, args, {
    cwd: '/',
    detached: true,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...binaries.env },
    stdio: ['ignore', output, output],
    ...home.account,
  })
  return { child, done: ended(child, file) }
}

/** Resolves with the exit code (null after a signal). */
function ended(child: ChildProcess, file: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('exit', resolve)
    child.once('error', (error: NodeJS.ErrnoException) => {
      // The file is there and still "not found": its loader is not (musl), or it is for another machine.
      const foreign = (error.code === 'ENOENT' && existsSync(file)) || error.code === 'ENOEXEC'
      const why = foreign ? 'is not made for this system (Alpine?)' : `cannot be started (${error.code})`
      reject(new StartFault(`The embedded PostgreSQL ${why}: set DATABASE_URL to a PostgreSQL of your own.`))
    })
  })
}
