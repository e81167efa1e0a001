import type { World } from '../world.ts'
import { cookieOf } from './session.ts'

/** Whether browsers keep a Secure cookie of this origin: on https and on loopback. */
export const isSecure = (publicUrl: string): boolean => {
  const { protocol, hostname } = new URL(publicUrl)
  return protocol === 'https:' || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|.*\.localhost)$/.test(hostname)
}

/** How cookies of the sign-in begin: `__Host-` binds them to this host, its root path and Secure. */
export const cookiePrefix = (publicUrl: string): string => (isSecure(publicUrl) ? '__Host-countersign' : 'countersign')

/** The cookie that a session lives in. */
export const sessionCookieName = (publicUrl: string): string => `${cookiePrefix(publicUrl)}_session`

/** A `Set-Cookie` line with the flags that every cookie of the sign-in has; without `seconds` it ends with the browser. */
export const cookieLine = (publicUrl: string, name: string, value: string, seconds?: number): string =>
  `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${isSecure(publicUrl) ? '; Secure' : ''}${
    seconds === undefined ? '' : `; Max-Age=${seconds}`
  }`

/** The line that signs a browser in with a fresh session's token. */
export const sessionCookie = (world: World, token: string): string =>
  cookieLine(world.config.publicUrl, sessionCookieName(world.config.publicUrl), cookieOf(world, token))
