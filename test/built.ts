import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll } from 'vitest'
import { packageRoot } from '../server/lib/root.ts'
import { freePort } from './port.ts'

/** What a file's tests leave behind, undone last first; vitest takes no afterAll from inside a test. */
const undo: (() => void)[] = []
afterAll(() => {
  for (const step of undo.reverse()) step()
})

/** The program as people run it: built when it is older than its sources, a process of its own. */
export const program = join(packageRoot, 'server', 'countersign.mjs')

/** Builds once, before anything is timed or killed; cheap when the build is new. */
export const build = () => execFileSync(process.execPath, [program, 'build'], { stdio: ['ignore', 'ignore', 'pipe'] })

/** A new directory that root's embedded database can reach too; removed when the file ends. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'countersign built '))
  chmodSync(directory, 0o755)
  undo.push(() => {
    // A test that failed may have killed a server without asking: its database must not outlive the directory.
    const database = embeddedPid(join(directory, 'data'))
    if (database !== undefined) process.kill(database, 'SIGINT')
    rmSync(directory, { recursive: true, force: true, maxRetries: 20 })
  })
  return directory
}

export type Ended = { code: number | null; signal: string | null; stdout: string; stderr: string }

export type Running = {
  child: ChildProcess
  stdout(): string
  stderr(): string
  ended: Promise<Ended>
}

type Environment = Record<string, string | undefined>

/** Starts the program with nothing of our environment but what finds Node. */
export function start(args: string[], environment: Environment = {}, cwd = packageRoot, file = program): Running {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1', ...environment }
  const child = spawn(process.execPath, [file, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  undo.push(() => void (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')))
  return { child, stdout: () => stdout, stderr: () => stderr, ended }
}

/** Runs a command to its end. Sources may be edited meanwhile: that it was built again is not what it says. */
export async function run(args: string[], environment: Environment = {}, cwd?: string): Promise<Ended> {
  const ended = await start(args, environment, cwd).ended
  return { ...ended, stderr: ended.stderr.replace(/^Building Countersign once.*\n/, '') }
}

export type Served = Running & { url: string; stop(signal?: NodeJS.Signals): Promise<Ended> }

/** Starts the server and waits until it is ready. */
export async function startServer(environment: Environment = {}): Promise<Served> {
  const port = String(await freePort())
  const url = `http://127.0.0.1:${port}`
  const running = start(['serve'], { PORT: port, PUBLIC_URL: url, ...environment })
  let over = false
  void running.ended.then(() => {
    over = true
  })
  while (!running.stderr().includes('is ready')) {
    if (over) throw new Error(`The server ended: ${running.stderr()}`)
    await sleep(10)
  }
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    running.child.kill(signal)
    return running.ended
  }
  return { ...running, url, stop }
}

/** The process id of the embedded database of a data directory, if it runs. */
export function embeddedPid(dataDir: string): number | undefined {
  const file = join(dataDir, 'embedded', 'data', 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  try {
    process.kill(pid, 0)
    return pid
  } catch (error) {
    // It runs, and is another account's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? pid : undefined
  }
}

/** The one JSON value on stdout; nothing else may be there. */
export const json = ({ stdout }: { stdout: string }) => JSON.parse(stdout)

/** The status of a request with a key. */
export const statusOf = async (url: string, key: string, path = '/v1/keys') =>
  (await fetch(url + path, { headers: { authorization: `Bearer ${key}` } })).status

/** Waits until the embedded database of a data directory has stopped, at most 5 s. */
export async function gone(dataDir: string): Promise<boolean> {
  for (let i = 0; i < 500 && embeddedPid(dataDir) !== undefined; i++) await sleep(10)
  return embeddedPid(dataDir) === undefined
}
