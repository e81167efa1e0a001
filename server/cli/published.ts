import type { Jwks } from '../../clients/typescript/src/index.ts'
import { CommandFault, type Terminal } from './terminal.ts'

/** Milliseconds that keys at an address are waited for. */
const patience = 10_000

/** More than any list of keys has (characters). */
const most = 1024 * 1024

function isJwks(value: unknown): value is Jwks {
  if (typeof value !== 'object' || value === null || !('keys' in value)) return false
  return Array.isArray(value.keys) && value.keys.every((key) => typeof key === 'object' && key !== null)
}

async function fetched(url: string): Promise<string> {
  try {
    const reply = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(patience) })
    if (reply.ok) return (await reply.text()).slice(0, most)
  } catch {
    // Said below.
  }
  throw new CommandFault(`No keys came from ${url}.`)
}

function fileAt(terminal: Terminal, path: string): string {
  try {
    return Buffer.from(terminal.readFile(path)).toString()
  } catch {
    throw new CommandFault(`${path} cannot be read.`)
  }
}

/** Public keys that somebody names: JSON as `/.well-known/jwks.json` answers it, the address of some, or a file that holds them. */
export async function keysFrom(terminal: Terminal, word: string): Promise<Jwks> {
  const isJson = word.trimStart().startsWith('{')
  const text = isJson ? word : /^https?:\/\//.test(word) ? await fetched(word) : fileAt(terminal, word)
  try {
    const value: unknown = JSON.parse(text)
    if (isJwks(value)) return value
  } catch {
    // Said below.
  }
  throw new CommandFault(`${isJson ? 'The JSON' : word} is no list of keys as /.well-known/jwks.json answers it.`)
}
