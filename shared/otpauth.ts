import { accountFields } from './contract/account.ts'
import { type Algorithm, algorithms, bareBase32, faultOfSeed } from './totp.ts'

/** Accounts as apps write them into QR codes and lists: `otpauth://totp/…` ("Key Uri Format" of google-authenticator's wiki). */

/** What an `otpauth://` address says. `secret` is bare base32; `period` in seconds. */
export type Otpauth = {
  name: string
  issuer: string
  secret: string
  algorithm: Algorithm
  digits: number
  period: number
}

const onlyTime = 'only time-based codes (TOTP) of 6 to 8 digits work here.'

/** What is said to kinds of codes that do not work here; none repeats anything of the account. */
export const otherKinds = {
  hotp: `Its codes go by a counter (HOTP); ${onlyTime}`,
  steam: `Its codes are letters (Steam Guard); ${onlyTime}`,
  other: `It is of another kind; ${onlyTime}`,
} as const

/** Percent-decoded; text with a stray % stands for itself, as apps that never encoded wrote it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim()

/** Label and issuer. The parameter wins over the label's prefix; an encoded colon belongs to a name unless it ends the issuer. */
function named(label: string, parameter: string | null): { name: string; issuer: string } {
  const whole = decoded(label)
  const given = oneLine(parameter ?? '')
  if (given !== '' && whole.slice(0, given.length + 1).toLowerCase() === `${given}:`.toLowerCase())
    return { name: oneLine(whole.slice(given.length + 1)), issuer: given }
  const at = label.indexOf(':')
  if (at >= 0)
    return { name: oneLine(decoded(label.slice(at + 1))), issuer: given || oneLine(decoded(label.slice(0, at))) }
  // Only who names no issuer at all can have meant an encoded colon to split the label.
  const split = parameter === null ? whole.indexOf(':') : -1
  if (split < 0) return { name: oneLine(whole), issuer: given }
  return { name: oneLine(whole.slice(split + 1)), issuer: oneLine(whole.slice(0, split)) }
}

/** An algorithm as apps write it: `sha-256`, `HmacSHA512`. */
const algorithmOf = (text: string): Algorithm | undefined => {
  const bare = text.toUpperCase().replace(/^HMAC[-_]?|[-_\s]/g, '')
  return algorithms.find((one) => one === bare)
}

/** A whole number between two bounds; `usual` where nothing stands. */
function numberIn(text: string | null, usual: number, least: number, most: number): number | undefined {
  if (text === null || text.trim() === '') return usual
  const value = /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : undefined
}

/** An account's parts as some app names them, made one account; `fault` is a sentence that never repeats the secret. */
export function otpauthOf(parts: {
  name: string
  issuer: string
  secret: string | null
  algorithm: string | null
  digits: string | null
  period: string | null
}): Otpauth | { fault: string } {
  const fault = parts.secret === null ? 'Must be there.' : faultOfSeed(parts.secret)
  if (fault) return { fault: `Its secret: ${fault}` }
  const algorithm = parts.algorithm?.trim() ? algorithmOf(parts.algorithm) : 'SHA1'
  if (!algorithm) return { fault: `Its algorithm is none of ${algorithms.join(', ')}.` }
  const digits = numberIn(parts.digits, 6, 6, 8)
  if (digits === undefined) return { fault: 'Its codes must have 6 to 8 digits.' }
  const period = numberIn(parts.period, 30, 15, 120)
  if (period === undefined) return { fault: 'Its codes must last 15 to 120 seconds.' }
  const issuer = oneLine(parts.issuer)
  const name = oneLine(parts.name) || issuer || 'Account'
  for (const [what, words] of [
    ['name', name],
    ['issuer', issuer],
  ] as const) {
    const wrong = accountFields[what].safeParse(words).error?.issues[0]
    if (wrong) return { fault: `Its ${what}: ${wrong.message}` }
  }
  return { name, issuer, secret: bareBase32(parts.secret ?? ''), algorithm, digits, period }
}

/**
 * Reads `otpauth://totp/Label?secret=…`. Forgiving about case, blanks and padding of the secret, missing labels and what is
 * left out (SHA1, 6 digits, 30 s). `fault` is a sentence that never repeats the secret.
 */
export function parseOtpauth(uri: string): Otpauth | { fault: string } {
  // By hand: browsers disagree about the host of schemes that they do not know.
  const [, kind = '', label = '', query = ''] =
    /^otpauth:\/\/([^/?#]*)\/?([^?#]*)(?:\?([^#]*))?/i.exec(uri.trim()) ?? []
  if (kind === '') return { fault: 'Is no otpauth:// address.' }
  const fields = new URLSearchParams(query)
  const field = (name: string) => fields.get(name) ?? fields.get(name.toUpperCase())
  const type = kind.toLowerCase()
  if (type === 'steam' || field('encoder')?.toLowerCase() === 'steam') return { fault: otherKinds.steam }
  if (type === 'hotp') return { fault: otherKinds.hotp }
  if (type !== 'totp') return { fault: otherKinds.other }
  return otpauthOf({
    ...named(label, field('issuer')),
    secret: field('secret'),
    algorithm: field('algorithm'),
    digits: field('digits'),
    period: field('period'),
  })
}

/** An account as `otpauth://totp/Issuer:Name?…`, which every app reads and `parseOtpauth` gives back exactly. */
export function otpauthUri({ name, issuer, secret, algorithm, digits, period }: Otpauth): string {
  const prefix = issuer === '' ? '' : `${encodeURIComponent(issuer)}:`
  return `otpauth://totp/${prefix}${encodeURIComponent(name)}?secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=${algorithm}&digits=${digits}&period=${period}`
}
