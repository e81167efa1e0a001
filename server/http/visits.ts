import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { refuse } from '../../shared/errors.ts'
import { isSecure } from './sessions.ts'

/**
 * The cookie that names one browser's visits to public pages. It signs nobody in: it only binds a page to the decision made
 * on it. Browsers keep Secure cookies on https and on loopback; elsewhere the cookie goes without prefix and flag.
 */
export function visitCookie(publicUrl: string): { name: string; serialize: (id: string) => string } {
  const secure = isSecure(publicUrl)
  const name = secure ? '__Host-countersign_visit' : 'countersign_visit'
  const flags = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  return { name, serialize: (id) => `${name}=${id}; ${flags}` }
}

/** The visit that a request carries, if it carries one of ours. */
export function visitIn(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=')
    if (key === name && value !== undefined && /^[0-9a-f]{32}$/.test(value)) return value
  }
  return undefined
}

export const newVisit = (): string => randomBytes(16).toString('hex')

/**
 * Refuses an unsafe request that another site's page could have made: Fetch Metadata must say same-origin; where a
 * browser sends none, the Origin must be ours.
 */
export function mustBeOwnPage(request: IncomingMessage, publicUrl: string): void {
  const site = request.headers['sec-fetch-site']
  const own = site === undefined ? request.headers.origin === publicUrl : site === 'same-origin'
  if (!own) refuse('CSRF_FAILED')
}

/**
 * For what needs no page of ours but must not be a page of another site's either: a program sends neither header, every
 * browser sends one of them with an unsafe request.
 */
export function mustNotBeForeignPage(request: IncomingMessage, publicUrl: string): void {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (origin !== undefined || site !== undefined) mustBeOwnPage(request, publicUrl)
}
