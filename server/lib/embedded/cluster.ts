import { closeSync, fsyncSync, mkdtempSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { StartFault } from '../fault.ts'
import type { Binaries } from './binaries.ts'
import type { Home } from './home.ts'
import { ownedBy } from './owned.ts'
import { run } from './run.ts'
import { hasCode } from './system.ts'

/** The superuser of the cluster. The unix socket's directory (0700) is its password. */
export const superuser = 'countersign'

/** Makes the cluster if there is none. Throws when there is one of another major version. */
export async function openCluster(home: Home, binaries: Binaries, log: (line: string) => void): Promise<void> {
  const major = majorOf(home.data)
  if (major === undefined) return create(home, binaries, log)
  if (major === binaries.major) return
  throw new StartFault(
    `The data in ${home.data} was made by PostgreSQL ${major}, and this release brings PostgreSQL ${binaries.major}. Dump it with the release that made it, and load it into a new DATA_DIR.`,
  )
}

/** Major version of the data directory, undefined when there is none. */
function majorOf(data: string): string | undefined {
  try {
    return readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** initdb under another name, then one rename: a killed or losing starter leaves nothing half made. */
async function create(home: Home, binaries: Binaries, log: (line: string) => void): Promise<void> {
  clearDrafts(home.dir)
  log('Making the database (first start)')
  const draft = mkdtempSync(`${home.data}.${process.pid}.`)
  ownedBy(home.account, draft)
  const output = openSync(home.log, 'a', 0o600)
  const { done } = run(
    'initdb',
    [
      ...[
        '-D',
        draft,
        '-U',
        superuser,
        '--auth-local=trust',
        '--auth-host=reject',
        '--data-checksums',
        '--encoding=UTF8',
      ],
      // The built-in locale: its order never changes under an index when the system's libraries do.
      ...['--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
    ],
    { home, binaries, output },
  )
  const code = await done.finally(() => closeSync(output))
  if (code !== 0) {
    rmSync(draft, { recursive: true, force: true })
    throw new StartFault(`The database could not be made (initdb ended with ${code}); see ${home.log}.`)
  }
  try {
    renameSync(draft, home.data)
    sync(home.dir)
  } catch (error) {
    // Who started with us was faster.
    rmSync(draft, { recursive: true, force: true })
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error
  }
}

/** Removes what starters left that were killed. */
function clearDrafts(dir: string): void {
  for (const name of readdirSync(dir)) {
    const [, pid] = /^data\.(\d+)\./.exec(name) ?? []
    if (!pid || Number(pid) === process.pid || isAlive(Number(pid))) continue
    try {
      rmSync(join(dir, name), { recursive: true, force: true })
    } catch (error) {
      // Its initdb outlived it and still writes: the next first start removes the rest.
      if (!hasCode(error, 'ENOTEMPTY')) throw error
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}

function sync(dir: string): void {
  const fd = openSync(dir, 'r')
  fsyncSync(fd)
  closeSync(fd)
}
