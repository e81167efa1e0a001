import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { packageRoot } from '../../server/lib/root.ts'

/** A client that another's generator makes of `openapi.json`, and what drives it through `scenario.json`. */
export type Generated = {
  name: string
  /** Its driver in `drivers/`. */
  driver: string
  /** A piece of the driver, and what stands in its place for one that gives a field another type. */
  wrong: readonly [right: string, wrong: string]
  /** Fetches the toolchain into a directory; a sentence says what of it is not to be had here. */
  prepare(dir: string): Promise<string | undefined>
  /** Generates the client into the directory. */
  generate(dir: string, document: string): Promise<void>
  /** Compiles or type-checks a driver with the client, and answers the command that runs it. @throws what the compiler says */
  compile(dir: string, driver: string): Promise<string[]>
}

type Environment = Record<string, string | undefined>

/** Runs a command. @throws with everything it said */
export async function run(
  [file = '', ...args]: readonly string[],
  cwd: string,
  env: Environment = {},
): Promise<string> {
  const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = await promisify(execFile)(file, args, options).catch((error) => {
    throw new Error([error.message, error.stdout, error.stderr].filter(Boolean).join('\n'), { cause: error })
  })
  return stdout
}

/** A sentence when a step does not go through; `undefined` when it does. */
export const unless = (step: Promise<unknown>, sentence: string): Promise<string | undefined> =>
  step.then(
    () => undefined,
    (error: Error) => `${sentence} (${error.message.trim().split('\n').at(-1)})`,
  )

/** A command of ours. */
export const bin = (name: string) => join(packageRoot, 'node_modules', '.bin', name)

export const drivers = join(packageRoot, 'test', 'clients', 'drivers')

export const driverOf = ({ driver }: Generated) => readFileSync(join(drivers, driver), 'utf8')
