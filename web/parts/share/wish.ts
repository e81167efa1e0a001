import type { FieldIssue } from '../../../shared/errors.ts'
import { mostBytes, mostFileBytes, ttlBounds } from '../../../shared/secret-bounds.ts'

/** A secret to share, as the form holds it. */
export type Wish = {
  text: string
  file: File | undefined
  /** Whether it is to be encrypted here; a recipient's address outweighs it, see `isByBrowser`. */
  browser: boolean
  passphrase: string
  /** Seconds; NaN while the field holds no number. */
  ttl: number
  recipient: string
  tellMe: boolean
  memo: string
}

/** Browsers encrypt on pages that came over HTTPS or from this machine, and nowhere else. */
export const canEncrypt = (): boolean => globalThis.crypto?.subtle !== undefined

export const emptyWish = (): Wish => ({
  text: '',
  file: undefined,
  browser: canEncrypt(),
  passphrase: '',
  ttl: ttlBounds.usual,
  recipient: '',
  tellMe: false,
  memo: '',
})

/** Who encrypts it. A link that the server mails must be known to the server whole, so that one it encrypts itself. */
export const isByBrowser = (wish: Wish): boolean => wish.browser && wish.recipient.trim() === ''

const encoder = new TextEncoder()

/** Bytes as UTF-8. */
export const bytesOf = (text: string): number => encoder.encode(text).length

/** What the server would refuse about a text, said here: of one that is encrypted in the browser it sees nothing. */
export function textFault(text: string): string | undefined {
  if (bytesOf(text) > mostBytes) return `Must be at most ${mostBytes} bytes.`
  return /[\0\p{Cs}]/u.test(text) ? 'Must be well-formed Unicode without NUL.' : undefined
}

export function fileFault(wish: Wish): string | undefined {
  const { file } = wish
  if (!file) return undefined
  if (file.size === 0) return 'The file is empty.'
  if (file.size > mostFileBytes) return 'Must be at most 5 MiB.'
  if (wish.recipient.trim() !== '')
    return 'Cannot go with a mail from here: hand the link on yourself, without a recipient.'
  return isByBrowser(wish) ? undefined : 'Goes only with “Encrypt in this browser”.'
}

/** The server brings a time into its bounds; whoever typed it is told instead. */
export const ttlFault = (seconds: number): string | undefined =>
  seconds >= ttlBounds.least && seconds <= ttlBounds.most ? undefined : 'Must be between a minute and 30 days.'

/** What is wrong with a wish as far as the browser can tell, by field. */
export function faultsIn(wish: Wish): FieldIssue[] {
  const empty = wish.text === '' && !wish.file
  const found: [string, string | undefined][] = [
    ['secret', empty ? 'Must not be empty.' : textFault(wish.text)],
    ['file', fileFault(wish)],
    ['ttl', ttlFault(wish.ttl)],
  ]
  return found.flatMap(([path, message]) => (message === undefined ? [] : [{ path, message }]))
}
