import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { afterAll, expect } from 'vitest'
import { readCaller } from '../server/cli/caller.ts'
import { runCommand } from '../server/cli/program.ts'
import { CommandFault, type Terminal } from '../server/cli/terminal.ts'
import { packageRoot } from '../server/lib/root.ts'
import { program, temporaryDirectory } from './built.ts'
import { browser } from './http.ts'

/** The parts of a terminal at which nobody sits, and into which nothing is piped. */
export const nobody = {
  onSignal: () => () => undefined,
  draw: () => undefined,
  shown: false,
  typed: false,
  input: () => Readable.from([]),
  readFile: (path: string) => readFileSync(path),
  environment: {},
} satisfies Partial<Terminal>

type Sat = Partial<Pick<Terminal, 'watched' | 'shown' | 'typed'>> & {
  /** Piped in, whole. */
  piped?: string | Uint8Array
  /** Beside URL and key. */
  environment?: Record<string, string>
}

/** What a command of a client has of its own: URL and key. */
export type Here = { COUNTERSIGN_URL: string; COUNTERSIGN_API_KEY: string }

/** A client's command in this process, as main.ts ends it; a person may sit at its terminal. */
export function command(line: string[], here: Partial<Here>, sat: Sat = {}) {
  let [stdout, stderr, drawn] = ['', '', '']
  let hear: ((signal: NodeJS.Signals) => void) | undefined
  const keyboard = new PassThrough()
  const terminal: Terminal = {
    ...nobody,
    environment: sat.environment ?? {},
    ...{ watched: sat.watched ?? false, shown: sat.shown ?? false, typed: sat.typed ?? false, color: false },
    out: (text) => {
      stdout += `${text}\n`
    },
    err: (text) => {
      stderr += `${text}\n`
    },
    draw: (text) => {
      drawn += text
    },
    config: () => {
      throw new Error('The settings of a server were read.')
    },
    caller: () => readCaller(here, () => ''),
    stopped: () => new Promise<string>(() => undefined),
    onSignal: (listener) => {
      hear = listener
      return () => {
        hear = undefined
      }
    },
    input: () => (sat.typed ? keyboard : Readable.from(sat.piped === undefined ? [] : [Buffer.from(sat.piped)])),
  }
  const ended = runCommand(line, terminal, '0.0.0').catch((error) => {
    if (!(error instanceof CommandFault)) throw error
    if (error.message !== '') terminal.err(error.message)
    return error.exitCode
  })
  return {
    ended: ended.then((code) => ({ code, stdout, stderr })),
    stdout: () => stdout,
    stderr: () => stderr,
    drawn: () => drawn,
    /** A signal, once the command listens. */
    hears: () => hear !== undefined,
    signal: (signal: NodeJS.Signals) => hear?.(signal),
    type: (text: string) => void keyboard.write(text),
  }
}

/** The same as a process of its own, with something piped in. */
export function piped(line: string[], here: Here & Record<string, string>, text: string | Uint8Array = '') {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...here }
  const child = spawn(process.execPath, [program, ...line], { cwd: packageRoot, env, stdio: 'pipe' })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    stdout += more
  })
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    stderr += more
  })
  child.stdin.on('error', () => undefined).end(text) // who reads nothing may be gone before it is written
  undo.push(() => void (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')))
  const said = () => stderr.replace(/^Building Countersign once.*\n/, '')
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr: said() }))
  })
  return { child, ended, stderr: said, stdout: () => stdout }
}

const undo: (() => void)[] = []
afterAll(() => {
  for (const step of undo.splice(0)) step()
})

/** A program that leaves a file behind, so that it cannot have run unseen. */
export function marking() {
  const mark = join(temporaryDirectory(), 'ran')
  const script = `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`
  return { child: ['--', process.execPath, '-e', script], ran: () => existsSync(mark) }
}

/** The token of the link that a command printed. */
export const tokenIn = (said: string): string => /\/a\/(\w{26})\n/.exec(said)?.[1] ?? ''

/** Presses a button behind the link that a command prints, as soon as it does. */
export async function pressing(url: string, said: () => string, action: string): Promise<void> {
  await expect.poll(said, { timeout: 30_000 }).toMatch(/\/a\/\w{26}\n/)
  expect((await browser(url).press(tokenIn(said()), action)).status).toBe(200)
}
