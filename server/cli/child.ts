import { spawn } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { constants as os } from 'node:os'
import { delimiter, join } from 'node:path'
import { CommandFault, type Terminal } from './terminal.ts'

/** The program that a shell would find. Looked for before anybody is asked: a yes to what is not there is wasted. */
export function mustBeThere(program: string, { environment }: Terminal): void {
  if (process.platform === 'win32') return // where names have endings that are not typed
  const places = /\//.test(program) ? [''] : (environment.PATH ?? '').split(delimiter)
  const found = places.map((place) => (place === '' ? program : join(place, program))).filter(isFile)
  if (found.length === 0) throw new CommandFault(`There is no program ${program}.`, 127)
  if (!found.some(isExecutable)) throw new CommandFault(`${program} may not be run.`, 126)
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Runs a program in our place: without a shell, with our stdin, stdout and stderr. Signals are passed on.
 * @returns its exit code; 128 and the number of the signal that ended it
 */
export function runChild(
  terminal: Terminal,
  [program = '', ...args]: readonly string[],
  more: Readonly<Record<string, string>>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', shell: false, env: { ...terminal.environment, ...more } })
    const release = terminal.onSignal((signal) => {
      // A key press reaches everybody in front of a terminal; passed on, it would come twice.
      if (signal !== 'SIGINT' || !terminal.typed) child.kill(signal)
    })
    child.on('error', (cause) => {
      release()
      reject(new CommandFault(`${program} could not be run: ${cause.message}`, 126))
    })
    child.on('exit', (code, signal) => {
      release()
      resolve(code ?? 128 + (signal === null ? 0 : os.signals[signal]))
    })
  })
}
