import { type ChildProcess, spawn } from 'node:child_process'

/** What a process said and how it ended. */
export type Ended = { code: number | null; signal: NodeJS.Signals | null; lines: string[]; errors: string }

/** A process under test, its lines of output as they come. */
export type Child = {
  process: ChildProcess
  lines: string[]
  /** The first line that passes; rejects when the process ends before. */
  line(pass: (line: string) => boolean): Promise<string>
  ended: Promise<Ended>
}

/** Starts `node program …args` (or another command). Kill it by `process.kill`. */
export function start(
  args: string[],
  { uid, gid, command = process.execPath }: { uid?: number; gid?: number; command?: string } = {},
): Child {
  const child = spawn(command, args, {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  let rest = ''
  let errors = ''
  let over = false
  const wake = () => {
    for (const look of waiting) look()
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const whole = (rest + text).split('\n')
    rest = whole.pop() ?? ''
    lines.push(...whole)
    wake()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => {
      over = true
      resolve({ code, signal, lines, errors })
      wake()
    })
  })
  const line = (pass: (line: string) => boolean) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = lines.find(pass)
        if (found !== undefined) resolve(found)
        else if (over) reject(new Error(`It ended before: ${lines.join('\n')}\n${errors}`))
        else return
        waiting.delete(look)
      }
      waiting.add(look)
      look()
    })
  return { process: child, lines, line, ended }
}

/** Runs a program to its end, at most `ms` milliseconds (then it is killed, and `signal` says so). */
export async function runToEnd(args: string[], ms = 55_000): Promise<Ended> {
  const child = start(args)
  const timer = setTimeout(() => child.process.kill('SIGKILL'), ms)
  return child.ended.finally(() => clearTimeout(timer))
}
