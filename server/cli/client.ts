import { Client, CountersignError } from '../../clients/typescript/src/index.ts'
import { ConfigFault } from '../lib/source.ts'
import { CommandFault, type Terminal } from './terminal.ts'

/** The instance that COUNTERSIGN_URL names, as anybody's program reaches it. @throws {CommandFault} 2 without URL or key */
export function clientOf(terminal: Terminal): Client {
  const { url: baseUrl, apiKey } = callerOf(terminal)
  // About eight seconds of trying: a server that is restarted is back by then.
  return new Client({ baseUrl, apiKey, maxRetries: 5 })
}

/** Where a command asks, and with which key. @throws {CommandFault} 2 */
export function callerOf(terminal: Terminal) {
  try {
    return terminal.caller()
  } catch (error) {
    if (error instanceof ConfigFault) throw new CommandFault(error.sentences.join(' '), 2)
    throw error
  }
}

/** One sentence for whatever came instead of an answer. */
export function refused(error: unknown, exitCode = 1): never {
  if (!(error instanceof CountersignError)) throw error
  const named = error.requestId === undefined ? '' : ` (request ${error.requestId})`
  throw new CommandFault(`${error.message}${named}`, exitCode)
}
