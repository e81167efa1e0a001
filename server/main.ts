import { readFileSync } from 'node:fs'
import { version } from '../package.json'
import { runCommand } from './cli/program.ts'
import { CommandFault, type Terminal } from './cli/terminal.ts'
import { type Config, readCaller, readEnv } from './env.ts'
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
    say(error.message)
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
    if (process.env.npm_lifecycle_event !== undefined) onOrphaned(() => stop('SIGTERM'))
  })

/** A shell stands between npm and us, and dies of the SIGTERM that npm gets without passing it on: we end with it. */
function onOrphaned(end: () => void): void {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    end()
  }, 250)
  watch.unref()
}

let config: Config | undefined
const readFile = (path: string) => readFileSync(path, 'utf8')

const terminal: Terminal = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: say,
  color: process.stdout.isTTY === true && !process.env.NO_COLOR,
  config: () => (config ??= readEnv(process.env, readFile)),
  watched: process.stderr.isTTY === true,
  caller: () => readCaller(process.env, readFile),
  stopped,
}

// State is in the database, so ending is always safe, and going on after a fault nobody expected is not.
process.on('uncaughtException', (error) => process.exit(complain(error)))

try {
  process.exitCode = await runCommand(process.argv.slice(2), terminal, version)
} catch (error) {
  process.exitCode = complain(error)
}
