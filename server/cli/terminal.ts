import type { Caller, Config } from '../env.ts'

/** What a command may use of the process: results go to `out` (stdout), everything else to `err`. One call, one line. */
export type Terminal = {
  out(line: string): void
  err(line: string): void
  /** Whether `out` is a terminal that takes colours; NO_COLOR says no. */
  color: boolean
  /** The environment, read at first use. @throws {ConfigFault} */
  config(): Config
  /** Whether a person sees `err`. */
  watched: boolean
  /** Where the commands of a client ask, and with which key; read at first use. @throws {ConfigFault} */
  caller(): Caller
  /** Resolves with the first SIGTERM or SIGINT; asking for it takes both signals over. */
  stopped(): Promise<string>
}

/** A command cannot do what was asked, or it ended otherwise than well: a sentence for the person who typed it. */
export class CommandFault extends Error {
  readonly exitCode: number

  constructor(sentence: string, exitCode = 1) {
    super(sentence)
    this.exitCode = exitCode
  }
}
