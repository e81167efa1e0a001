import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { CommandFault, type Terminal } from './terminal.ts'

/** More than any secret or passphrase may have; what is longer is told so without being kept. */
const mostBytes = 64 * 1024

/** Bytes as text, without the line break that editors and `echo` put at its end. @throws {CommandFault} when it is none */
function textOf(bytes: Uint8Array, what: string): string {
  if (bytes.byteLength > mostBytes) throw new CommandFault(`${what} is longer than 64 KiB.`)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\r?\n$/, '')
  } catch {
    throw new CommandFault(`${what} is not text in UTF-8.`)
  }
}

/** All that is piped in. */
export async function pipedText(terminal: Terminal, what: string): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of terminal.input()) {
    pieces.push(Buffer.from(piece))
    bytes += pieces.at(-1)?.byteLength ?? 0
    if (bytes > mostBytes) break
  }
  return textOf(Buffer.concat(pieces), what)
}

/** The text of a file. */
export function fileText(terminal: Terminal, path: string, what: string): string {
  let bytes: Uint8Array
  try {
    bytes = terminal.readFile(path)
  } catch {
    throw new CommandFault(`${path} cannot be read.`)
  }
  return textOf(bytes, what)
}

/** Whether somebody can be asked: they see what is said, and type what is read. */
export const canAsk = ({ typed, watched }: Terminal): boolean => typed && watched

/** One line that is typed unseen. @throws {CommandFault} 130 by ^C, 2 by ^D */
export function hiddenLine(terminal: Terminal, prompt: string): Promise<string> {
  const unseen = new Writable({ write: (_piece, _encoding, done) => done() })
  const lines = createInterface({ input: terminal.input(), output: unseen, terminal: true, historySize: 0 })
  terminal.draw(`${prompt}: `)
  return new Promise((resolve, reject) => {
    lines.on('SIGINT', () => reject(new CommandFault('', 130)))
    lines.on('close', () => reject(new CommandFault('Nothing was typed.', 2)))
    lines.question('', resolve)
  }).finally(() => {
    lines.close()
    terminal.draw('\n')
  }) as Promise<string> // `question` answers a string
}
