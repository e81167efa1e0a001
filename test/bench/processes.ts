import { type ChildProcess, fork, type Serializable, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../port.ts'
import type { Job, JobReply, Slice } from './client.ts'
import type { LimitOptions } from './limit.ts'

/** A server under load. */
export type Running = { pid: number; port: number; stop(): Promise<void> }

/** The bench's own programs lie beside this one, which Vite built. */
const program = (name: string) => fileURLToPath(new URL(`${name}.js`, import.meta.url))

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

const pidOf = ({ pid }: ChildProcess): number => {
  if (pid === undefined) throw new Error('A process could not be started.')
  return pid
}

/** Starts the product of a checkout as a person does, and answers when `/healthz` does. `env` is all it gets. */
export async function startServer(
  root: string,
  env: Record<string, string>,
  nodeArgs: string[] = [],
): Promise<Running> {
  const port = await freePort()
  const child = spawn(process.execPath, [...nodeArgs, join(root, 'server', 'countersign.mjs'), 'serve'], {
    cwd: root,
    env: { ...env, PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (text) => {
    said += text
  })
  while (!(await isUp(port))) {
    if (child.exitCode !== null) throw new Error(`The server ended:\n${said}`)
    await sleep(5)
  }
  return { pid: pidOf(child), port, stop: () => end(child) }
}

const isUp = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/healthz`).then(
    (reply) => reply.ok,
    () => false,
  )

export async function startLimit(options: LimitOptions): Promise<Running> {
  const child = fork(program('limit'), [JSON.stringify(options)])
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (bound) => resolve(Number(bound))).once('exit', () => reject(new Error('The limit ended.')))
  })
  return { pid: pidOf(child), port, stop: () => end(child) }
}

/** A program of the bench that takes orders and reports. */
export function startProgram(name: string) {
  const child = fork(program(name))
  return {
    send: (order: Serializable) => void child.send(order),
    /** The next report; asked for before the order that it answers. */
    next: <Report>() =>
      new Promise<Report>((resolve, reject) => {
        const ended = () => reject(new Error(`${name} ended.`))
        child.once('exit', ended)
        child.once('message', (report) => {
          child.off('exit', ended)
          resolve(report as Report) // both programs are built together
        })
      }),
    stop: () => end(child),
  }
}

/** A process that makes load, so that a client's cost never stands in the way of the server it measures. */
export function startClient() {
  const { send, next, stop } = startProgram('client')
  return {
    async run(job: Job): Promise<Slice> {
      const report = next<JobReply>()
      send(job)
      const done = await report
      if ('fault' in done) throw new Error(done.fault)
      return done.slice
    },
    stop,
  }
}

/** CPU time of a process so far in microseconds; undefined where there is no /proc. */
export function cpuOf(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10_000 // ticks of 10 ms
  } catch {
    return undefined
  }
}

/** Resident memory of a process in KiB; undefined where there is no /proc. */
export function memoryOf(pid: number): number | undefined {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  } catch {
    return undefined
  }
}
