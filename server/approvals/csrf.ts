import { hmac, sameText } from '../lib/crypto.ts'
import type { World } from '../world.ts'

/** How long ago the page was loaded, in ms, when the token is ours for this visit and link; otherwise undefined. */
export function checkCsrf(world: World, visit: string, digest: Uint8Array, token: string): number | undefined {
  const [loaded = ''] = token.split('.')
  if (!/^[0-9a-z]{1,11}$/.test(loaded) || !sameText(token, sign(world, visit, digest, loaded))) return undefined
  return Math.max(0, world.clock.now().getTime() - Number.parseInt(loaded, 36))
}

/** A token that only this visit can use, and only for this link; it carries when the page was loaded. */
export const makeCsrf = (world: World, visit: string, digest: Uint8Array): string =>
  sign(world, visit, digest, world.clock.now().getTime().toString(36))

const sign = (world: World, visit: string, digest: Uint8Array, loaded: string): string => {
  const bound = JSON.stringify([visit, Buffer.from(digest).toString('base64'), loaded])
  return `${loaded}.${hmac(world.keys.csrf, bound).toString('base64url')}`
}

/** What is kept of a visit, to tell the same browser "by you" later. */
export const visitDigest = (world: World, visit: string): Buffer => hmac(world.keys.pepper, `visit ${visit}`)
