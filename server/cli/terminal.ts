import type { Config } from '../env.ts'

/** What a command may use of the process: results go to `out` (stdout), everything else to `err`. One call, one line. */
export type Terminal = {
  out(line: string): void
  err(line: string): void
  /** Whether `out` is a terminal that takes colours; NO_COLOR says no. */
  color: boolean
  /** The environment, read at first use. @throws {ConfigFault} */
  config(): Config
  /** Resolves with the first SIGTERM or SIGINT; asking for it takes both signals over. */
  stopped(): Promise<string>
}

/** A command cannot do what was asked: a sentence for the person who typed it, exit code 1. */
export class CommandFault extends Error {}
