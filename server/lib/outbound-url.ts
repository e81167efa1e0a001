import { isIP } from 'node:net'
import { type Allowed, isAllowedAddress, isAllowedHost, isPublic } from './outbound-address.ts'

/** Why nothing is sent to an address, as it is written. */
export type UrlFault = 'INVALID_URL' | 'NOT_HTTPS' | 'PORT_NOT_ALLOWED' | 'ADDRESS_NOT_ALLOWED'

/** A URL taken apart as the connection wants it. */
export type Target = {
  secure: boolean
  /** The name as certificates have it: lower case, without a dot at its end; or an address. */
  host: string
  isAddress: boolean
  port: number
  path: string
  /** What the `Host` header says. */
  authority: string
}

const mostLength = 2048

/** Below 1024 only https' own port: nothing else there is a receiver of POSTs. */
const isPortAllowed = (port: number) => port === 443 || port >= 1024

/**
 * Reads a URL that somebody gave, or says what is wrong with it. The parser of the platform makes one address of every
 * spelling (octal, decimal, hexadecimal, IDNA, dots at the end). What a name stands for is only known when it is resolved.
 */
export function targetOf(text: string, allowed: Allowed): Target | UrlFault {
  if (text.length > mostLength || !URL.canParse(text)) return 'INVALID_URL'
  const url = new URL(text)
  if (url.username || url.password || url.hash || !/^https?:$/.test(url.protocol)) return 'INVALID_URL'
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (host === '') return 'INVALID_URL'
  const secure = url.protocol === 'https:'
  const port = Number(url.port) || (secure ? 443 : 80)
  const isAddress = isIP(host) !== 0
  const inside = isAddress ? isAllowedAddress(allowed, host) : isAllowedHost(allowed, host)
  if (isAddress && !inside && !isPublic(host)) return 'ADDRESS_NOT_ALLOWED'
  if (!secure && !inside) return 'NOT_HTTPS'
  if (secure && !inside && !isPortAllowed(port)) return 'PORT_NOT_ALLOWED'
  const shown = isIP(host) === 6 ? `[${host}]` : host
  const authority = url.port === '' ? shown : `${shown}:${url.port}`
  return { secure, host, isAddress, port, path: `${url.pathname}${url.search}`, authority }
}
