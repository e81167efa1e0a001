import type { Config } from '../env.ts'
import type { Caller } from './caller.ts'

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
  /** Takes SIGINT, SIGTERM and SIGHUP over, until what it answers is called. */
  onSignal(listener: (signal: NodeJS.Signals) => void): () => void
  /** Draws on `err` without ending the line; nothing where nobody watches. */
  draw(text: string): void
  /** Whether a person sees `out`, where what is printed stays. */
  shown: boolean
  /** Whether a person types what is read from `input`. */
  typed: boolean
  /** What is typed or piped in. Not asked for by a command that leaves it to another program. */
  input(): NodeJS.ReadableStream
  /** Contents of a file. */
  readFile(path: string): Uint8Array
  /** What a program that is run inherits. */
  environment: Readonly<Record<string, string | undefined>>
}

/** A command cannot do what was asked, or it ended otherwise than well: a sentence for the person who typed it, if any. */
export class CommandFault extends Error {
  readonly exitCode: number

  constructor(sentence: string, exitCode = 1) {
    super(sentence)
    this.exitCode = exitCode
  }
}
