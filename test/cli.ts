import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { PassThrough, Readable } from 'node:stream'
import { afterAll } from 'vitest'
import { runCommand } from '../server/cli/program.ts'
import { CommandFault, type Terminal } from '../server/cli/terminal.ts'
import { readCaller } from '../server/env.ts'
import { packageRoot } from '../server/lib/root.ts'
import { program } from './built.ts'
import { freePort } from './port.ts'

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

type Json = Record<string, unknown>
export type Seen = { method: string; path: string /** Of its method, from 1. */; nth: number }

type Between = {
  /** Replies that never arrive. */
  loses?(seen: Seen): boolean
  /** Where it arrives in place of where it was sent. */
  paths?(path: string, seen: Seen): string
  /** What arrives at the server in place of what was sent. */
  asks?(body: Json, seen: Seen): Json
  /** What comes back in place of what was answered. */
  answers?(body: Json, seen: Seen): Json
}

/** Somebody between a command and its server, who passes on, loses and changes. */
export async function between(url: string, { loses, paths, asks, answers }: Between) {
  const seen: Seen[] = []
  const server = createServer(async (request, reply) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', url: path = '' } = request
    const one = { method, path, nth: seen.filter((other) => other.method === method).length + 1 }
    seen.push(one)
    const text = Buffer.concat(chunks).toString()
    const sent = text === '' || !asks ? text : JSON.stringify(asks(JSON.parse(text), one))
    const { authorization = '', 'content-type': type = '', 'idempotency-key': once } = request.headers
    const headers = {
      authorization,
      ...(sent === '' ? {} : { 'content-type': type }),
      ...(once ? { 'idempotency-key': String(once) } : {}),
    }
    const gone = new AbortController()
    reply.on('close', () => gone.abort())
    const how = { method, headers, signal: gone.signal, ...(sent === '' ? {} : { body: sent }) }
    const came = await fetch(url + (paths?.(path, one) ?? path), how).catch(() => undefined)
    const body = (await came?.text().catch(() => undefined)) ?? ''
    if (!came || loses?.(one)) return void request.socket.destroy()
    const answer = body === '' || !answers ? body : JSON.stringify(answers(JSON.parse(body), one))
    reply.writeHead(came.status, { 'content-type': 'application/json' }).end(came.status === 204 ? undefined : answer)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  undo.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { seen, url: `http://127.0.0.1:${port}` }
}
