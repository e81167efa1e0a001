import { BlockList, isIP } from 'node:net'
import { z } from 'zod'

/** Words of the environment: each reads one text, and its faults never repeat what was given. */

/** A TCP port to listen on, 1–65535. */
export const port = z
  .string()
  .regex(/^[1-9]\d{0,4}$/, 'must be a port number from 1 to 65535.')
  .transform(Number)
  .refine((value) => value <= 65535, 'must be a port number from 1 to 65535.')

/** How many of something, 1–999 999 999. */
export const count = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'must be a number from 1 to 999999999.')
  .transform(Number)

/** A time in whole seconds, 0–999. */
export const seconds = z
  .string()
  .regex(/^\d{1,3}$/, 'must be a number of seconds from 0 to 999.')
  .transform(Number)

/** A host name or address to listen on. */
export const host = z
  .string()
  .refine((value) => isIP(value) !== 0 || /^[A-Za-z0-9.-]{1,253}$/.test(value), 'must be a host name or an IP address.')

/** An http or https origin, e.g. `https://sign.example.com`; normalised, without a slash at its end. */
export const origin = z.string().transform((value, ctx) => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const bare = url && !url.username && !url.password && url.pathname === '/' && !url.search && !url.hash
  if (url && bare && /^https?:$/.test(url.protocol)) return url.origin
  ctx.addIssue({
    code: 'custom',
    message: 'must be an http or https origin without a path, as https://sign.example.com.',
  })
  return z.NEVER
})

/** `postgres://…`, with one host or several split by commas, or a unix socket as `postgres://user@localhost/database?host=/run/postgresql`. */
export const databaseUrl = z
  .string()
  .refine(
    (value) => /^postgres(ql)?:\/\//.test(value) && URL.canParse(value.replace(/,[^/?]*/, '')),
    'must be a URL that begins with postgres:// (percent-encode special characters of the password).',
  )

/** `on` or `off`; another word is a fault, never a guess. */
export const onOff = z.enum(['on', 'off'], 'must be on or off.').transform((word) => word === 'on')

/**
 * At least 32 bytes as hex or base64(url); `undefined` for anything else. Text made of hex digits only is always hex,
 * so that a short hex key cannot pass as a longer base64 one.
 */
export function keyBytes(text: string): Uint8Array | undefined {
  const hex = /^[0-9a-fA-F]+$/.test(text)
  if (!hex && !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined
  if (hex && text.length % 2 !== 0) return undefined
  const bytes = Buffer.from(text, hex ? 'hex' : 'base64')
  return bytes.length >= 32 ? new Uint8Array(bytes) : undefined
}

const keyFault = 'must be at least 32 bytes written as hex or base64 (openssl rand -hex 32).'

/** A secret key of at least 32 random bytes, hex or base64. */
export const secretKey = z.string().transform((value, ctx) => {
  const bytes = keyBytes(value)
  if (bytes) return bytes
  ctx.addIssue({ code: 'custom', message: keyFault })
  return z.NEVER
})

/** Several of them, split by commas. */
export const secretKeys = z.string().transform((value, ctx) =>
  value.split(',').flatMap((one) => {
    const bytes = keyBytes(one.trim())
    if (bytes) return [bytes]
    ctx.addIssue({ code: 'custom', message: keyFault })
    return []
  }),
)

function isNetwork(entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  if (prefix === undefined) return true
  if (!/^\d{1,3}$/.test(prefix)) return false
  try {
    new BlockList().addSubnet(address, Number(prefix), family === 6 ? 'ipv6' : 'ipv4')
    return true
  } catch {
    return false
  }
}

/** IP addresses and CIDR networks split by commas, v4 and v6. */
export const networks = z
  .string()
  .transform((value) => value.split(',').map((entry) => entry.trim()))
  .refine((list) => list.every(isNetwork), 'must be IP addresses or CIDR networks split by commas, as 10.0.0.0/8,::1.')

/** Receivers inside, networks and host names split by commas; names in the form that URLs have. */
export const receivers = z
  .string()
  .transform((value) => value.split(',').map((entry) => entry.trim().toLowerCase()))
  .refine(
    (list) =>
      list.every((entry) => isNetwork(entry) || /^(?=.*[a-z])[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(entry)),
    'must be host names, IP addresses or CIDR networks split by commas, as hooks.internal,10.0.0.0/8.',
  )
  .transform((list) => ({
    networks: list.filter(isNetwork),
    hosts: list.filter((entry) => !isNetwork(entry)),
  }))

/** A bearer token: printable characters without blanks. */
export const bearer = z.string().regex(/^[\x21-\x7e]{1,512}$/, 'must be printable characters without blanks.')

/** `smtp://` or `smtps://`, with user and password when the server asks for them. */
export const smtpUrl = z
  .string()
  .refine(
    (value) => /^smtps?:\/\//.test(value) && URL.canParse(value) && new URL(value).hostname !== '',
    'must be a URL that begins with smtp:// or smtps:// (percent-encode special characters of the password).',
  )

/** A sender: `name <address>` or an address alone, without line breaks. */
export const mailbox = z
  .string()
  .regex(
    /^(?:[^<>\r\n"@]{0,100}<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/,
    'must be a mail address, as Countersign <sign@example.com>.',
  )
