import { hmac, sameText } from '../lib/crypto.ts'
import { cookieLine, cookiePrefix } from '../people/cookie.ts'
import type { World } from '../world.ts'

/** Seconds that a round trip to GitHub, or the second step of a sign-in, may take. */
export const tripSeconds = 600

/** What is carried across a round trip: the ticket of an invitation or of the set-up link, and whether to remember. */
const nameOf = (world: World, what: 'ticket' | 'remember'): string => `${cookiePrefix(world.config.publicUrl)}_${what}`

const sign = (world: World, ticket: string, until: string): string =>
  hmac(world.keys.sessions, `ticket ${ticket} ${until}`).toString('base64url')

/** The line that gives a browser its ticket for ten minutes, signed so that nobody plants another's. */
export function ticketCookie(world: World, ticket: string): string {
  const until = (world.clock.now().getTime() + tripSeconds * 1000).toString(36)
  const value = `${ticket}.${until}.${sign(world, ticket, until)}`
  return cookieLine(world.config.publicUrl, nameOf(world, 'ticket'), value, tripSeconds)
}

export const rememberCookie = (world: World): string =>
  cookieLine(world.config.publicUrl, nameOf(world, 'remember'), '1', tripSeconds)

/** The lines that take both back. */
export const tripOver = (world: World): string[] =>
  (['ticket', 'remember'] as const).map((what) => cookieLine(world.config.publicUrl, nameOf(world, what), '', 0))

/** Reads one cookie of the request by its name. */
type Cookies = (name: string) => string | undefined

/** The ticket that a browser carries, if we gave it and its time is not over. */
export function ticketIn(world: World, cookies: Cookies): string | undefined {
  const [ticket = '', until = '', signature = ''] = (cookies(nameOf(world, 'ticket')) ?? '').split('.')
  if (!/^[0-9a-z]{1,11}$/.test(until) || !sameText(signature, sign(world, ticket, until))) return undefined
  return Number.parseInt(until, 36) > world.clock.now().getTime() ? ticket : undefined
}

export const isToRemember = (world: World, cookies: Cookies): boolean => cookies(nameOf(world, 'remember')) === '1'
