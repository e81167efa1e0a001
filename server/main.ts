import { readFileSync } from 'node:fs'
import { isatty } from 'node:tty'
import { version } from '../package.json'
import { readCaller } from './cli/caller.ts'
import { runCommand } from './cli/program.ts'
import { CommandFault, type Terminal } from './cli/terminal.ts'
import { type Config, readEnv } from './env.ts'
import { isDatabaseAway } from './lib/deadline.ts'
import { StartFault } from './lib/fault.ts'
import { describeError } from './lib/mishap.ts'

/** A terminal's ^C reaches us twice under npm, which passes it on: the same key press within this time (ms) is one. */
const onePress = 500

const say = (line: string) => void process.stderr.write(`${line}\n`)

/** What ends a process early, as sentences for a person and an exit code; nothing in it can be a secret. */
function complain(error: unknown): number {
  if (error instanceof StartFault) {
    error.sentences.forEach(say)
    return error.exitCode
  }
  if (error instanceof CommandFault) {
    if (error.message !== '') say(error.message)
    return error.exitCode
  }
  if (isDatabaseAway(error)) say('The database cannot be reached; is DATABASE_URL right, and does it run?')
  else say(`Something went wrong: ${JSON.stringify(describeError(error))}`)
  return 1
}

const stopped = () =>
  new Promise<string>((resolve) => {
    let first = 0
    const stop = (signal: NodeJS.Signals) => {
      if (first === 0) first = performance.now()
      else if (performance.now() - first > onePress) process.exit(1)
      resolve(signal)
    }
    process.on('SIGTERM', stop).on('SIGINT', stop)
    onOrphaned(() => stop('SIGTERM'))
  })

/** Hears each of the signals that end a process, until it is let go of. */
function onSignal(listener: (signal: NodeJS.Signals) => void): () => void {
  let last = Number.NEGATIVE_INFINITY
  const hear = (signal: NodeJS.Signals) => {
    const now = performance.now()
    if (now - last > onePress) listener(signal)
    last = now
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, hear)
  const forget = onOrphaned(() => hear('SIGTERM'))
  return () => {
    for (const signal of signals) process.off(signal, hear)
    forget()
  }
}

/** A shell stands between npm and us, and dies of the SIGTERM that npm gets without passing it on: we end with it. */
function onOrphaned(end: () => void): () => void {
  if (process.env.npm_lifecycle_event === undefined) return () => undefined
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    end()
  }, 250)
  watch.unref()
  return () => clearInterval(watch)
}

let config: Config | undefined
const readFile = (path: string) => readFileSync(path, 'utf8')

/** A dumb terminal would show what is drawn over as lines without end. */
const draws = process.stderr.isTTY === true && process.env.TERM !== 'dumb'

const terminal: Terminal = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: say,
  color: process.stdout.isTTY === true && !process.env.NO_COLOR,
  config: () => (config ??= readEnv(process.env, readFile)),
  watched: process.stderr.isTTY === true,
  caller: () => readCaller(process.env, readFile),
  stopped,
  onSignal,
  draw: (text) => void (draws && process.stderr.write(text)),
  shown: process.stdout.isTTY === true,
  typed: isatty(0),
  input: () => process.stdin,
  readFile: (path) => readFileSync(path),
  environment: process.env,
}

// State is in the database, so ending is always safe, and going on after a fault nobody expected is not.
process.on('uncaughtException', (error) => process.exit(complain(error)))

try {
  process.exitCode = await runCommand(process.argv.slice(2), terminal, version)
} catch (error) {
  process.exitCode = complain(error)
}
