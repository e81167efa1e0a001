import { callerOf, clientOf, refused } from './client.ts'
import { canAsk, fileText, hiddenLine, pipedText } from './input.ts'
import { CommandFault, type Terminal } from './terminal.ts'

export type GetOptions = { passphraseFile?: string; reveal?: boolean; json?: boolean }

/** Exit codes of a secret that cannot be read any more. */
const ends: Readonly<Record<string, number>> = { expired: 4, received: 5, burned: 5 }

/** `secret get`: reads a secret by its link. All that can refuse comes first: the reading cannot be undone. */
export async function secretGet(terminal: Terminal, link: string, options: GetOptions): Promise<void> {
  if (terminal.shown && !options.reveal)
    throw new CommandFault('It would stay on this terminal. Pipe it into something, or say --reveal.', 2)
  const client = clientOf(terminal)
  const fromStdin = link === '-'
  const key = keyIn(fromStdin ? await pipedText(terminal, 'The link') : link, callerOf(terminal).url)
  const { status, encrypted_by, needs_passphrase, ended_at } = await client.secrets.look(key).catch(refused)
  if (status === 'asked') throw new CommandFault('Nobody has filled it in yet.')
  if (status !== 'waiting')
    throw new CommandFault(
      `It was ${status === 'expired' ? 'not read before it expired' : status} at ${ended_at}.`,
      ends[status],
    )
  if (encrypted_by === 'browser')
    throw new CommandFault('A browser encrypted it, and only a browser opens it: open its link in one.')
  const passphrase = needs_passphrase ? await passphraseOf(terminal, options, fromStdin) : undefined
  const { value } = await client.secrets.reveal(key, passphrase === undefined ? {} : { passphrase }).catch(refused)
  terminal.out(options.json ? JSON.stringify({ value }) : value)
}

/** The part that opens it. A link of another instance is not sent to this one, which could read it there. */
function keyIn(link: string, place: string): string {
  const word = link.trim()
  const [, origin, key = ''] = /^(?:(https?:\/\/[^/]+)\/s\/)?([0-9a-z]{31})(?:[#?].*)?$/.exec(word) ?? []
  if (key === '') throw new CommandFault('It takes a link to a secret, or its last part.', 2)
  if (origin !== undefined && new URL(origin).origin !== new URL(place).origin)
    throw new CommandFault('The link is of another instance than COUNTERSIGN_URL.', 2)
  return key
}

async function passphraseOf(terminal: Terminal, options: GetOptions, stdinIsTaken: boolean): Promise<string> {
  const what = 'The passphrase'
  if (options.passphraseFile !== undefined) return fileText(terminal, options.passphraseFile, what)
  if (canAsk(terminal)) return hiddenLine(terminal, 'Passphrase')
  const piped = terminal.typed || stdinIsTaken ? '' : await pipedText(terminal, what)
  if (piped !== '') return piped
  throw new CommandFault('It needs a passphrase: pipe it in, or use --passphrase-file.', 2)
}
