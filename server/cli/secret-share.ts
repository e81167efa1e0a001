import { callerOf, clientOf, refused } from './client.ts'
import { canAsk, fileText, hiddenLine, pipedText } from './input.ts'
import { CommandFault, type Terminal } from './terminal.ts'

export type ShareOptions = {
  file?: string
  /** Seconds. */
  ttl?: number
  passphraseFile?: string
  passphrase?: boolean
  recipient?: string
  memo?: string
  json?: boolean
}

/** `secret share`: stores what is piped in, typed or in a file, and prints the link that reads it once. */
export async function secretShare(terminal: Terminal, options: ShareOptions): Promise<void> {
  const client = clientOf(terminal)
  const { ttl, recipient, memo } = options
  const secret = await secretOf(terminal, options)
  if (secret === '') throw new CommandFault('The secret is empty.', 2)
  const passphrase = await passphraseOf(terminal, options)
  const given = Object.entries({ passphrase, ttl, recipient, memo }).filter(([, word]) => word !== undefined)
  const made = await client.secrets.share({ secret, ...Object.fromEntries(given) }).catch(refused)
  const { url: place } = callerOf(terminal)
  const url = `${place}/s/${made.secret_key}`
  const receipt = `${place}/r/${made.metadata_key}`
  terminal.out(options.json ? JSON.stringify({ url, receipt_url: receipt, ...made }) : url)
  terminal.err(`It can be read once, until ${new Date((made.created + made.ttl) * 1000).toISOString()}.`)
  terminal.err(`What became of it: ${receipt}`)
}

async function secretOf(terminal: Terminal, { file }: ShareOptions): Promise<string> {
  if (file !== undefined) return fileText(terminal, file, 'The secret')
  if (!terminal.typed) return pipedText(terminal, 'The secret')
  if (canAsk(terminal)) return hiddenLine(terminal, 'Secret')
  throw new CommandFault('Pipe the secret in, or name a --file.', 2)
}

async function passphraseOf(terminal: Terminal, options: ShareOptions): Promise<string | undefined> {
  const { passphraseFile, passphrase } = options
  if (passphraseFile === undefined && !passphrase) return undefined
  const given =
    passphraseFile === undefined ? await typedTwice(terminal) : fileText(terminal, passphraseFile, 'The passphrase')
  // The API takes an empty one for none.
  if (given === '') throw new CommandFault('The passphrase is empty.', 2)
  return given
}

async function typedTwice(terminal: Terminal): Promise<string> {
  if (!canAsk(terminal)) throw new CommandFault('Nobody can type a passphrase here; use --passphrase-file.', 2)
  const once = await hiddenLine(terminal, 'Passphrase')
  if ((await hiddenLine(terminal, 'Once more')) === once) return once
  throw new CommandFault('The two passphrases differ.', 2)
}
