/** What a reader found: an account as an address that `accounts.import` reads, or pictures of an export. Its rules are the server's. */
export type Found = {
  uri: string
  /** How the app called it, shown where the server cannot read it. */
  name?: string | undefined
}

/** Why a whole text or file is not read, as a sentence. */
export class Unreadable extends Error {}

/** An account as an app names its parts; what is missing stays out. */
export type Parts = {
  /** `totp`, `hotp`, `steam`, …: what does not work here is said by the server. */
  type?: string | undefined
  name?: string | undefined
  issuer?: string | undefined
  secret: string
  algorithm?: string | undefined
  digits?: string | undefined
  period?: string | undefined
}

const encoded = encodeURIComponent

/** An account as `otpauth://`. Apps allow a whole address, or `steam://`, in place of the secret. */
export function foundOf({ type = 'totp', name = '', issuer = '', secret, ...recipe }: Parts): Found {
  const label = [issuer, name].filter(Boolean).join(': ')
  if (/^\s*otpauth(-migration)?:/i.test(secret)) return { uri: secret.trim(), name: label }
  const [kind, bare] = /^\s*steam:\/\//i.test(secret) ? ['steam', ''] : [type.toLowerCase(), secret]
  const query = Object.entries({ secret: bare, issuer, ...recipe }).flatMap(([field, value]) =>
    value === undefined ? [] : [`${field}=${encoded(value.toWellFormed())}`],
  )
  const prefix = issuer === '' ? '' : `${encoded(issuer.toWellFormed())}:`
  return { uri: `otpauth://${encoded(kind)}/${prefix}${encoded(name.toWellFormed())}?${query.join('&')}`, name: label }
}

/** An object of a file that somebody else wrote; undefined for anything else. */
export const objectIn = (value: unknown): Record<string, unknown> | undefined =>
  // What was just seen: an object, whose fields may be anything.
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined

export const listIn = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** A text or a number as text; undefined for anything else and for nothing. */
export const textIn = (value: unknown): string | undefined =>
  typeof value === 'number' ? String(value) : typeof value === 'string' && value.trim() !== '' ? value : undefined
