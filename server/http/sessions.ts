import type { IncomingMessage } from 'node:http'
import type { SignedIn } from '../context.ts'
import { memberIn, type OpenSession, openSession } from '../people/session.ts'
import type { DoorCtx } from '../rpc/admit.ts'
import type { World } from '../world.ts'

/** Whether browsers keep a Secure cookie of this origin: on https and on loopback. */
export const isSecure = (publicUrl: string): boolean => {
  const { protocol, hostname } = new URL(publicUrl)
  return protocol === 'https:' || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|.*\.localhost)$/.test(hostname)
}

/** The cookie that a session lives in. */
export const sessionCookieName = (publicUrl: string): string =>
  isSecure(publicUrl) ? '__Host-countersign_session' : 'countersign_session'

/** One cookie of a request, as it was sent; undefined when it is absent or sent twice, as nobody could say which is meant. */
export function cookieIn(request: Pick<IncomingMessage, 'headers'>, name: string): string | undefined {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
  return found.length === 1 ? found[0]?.slice(name.length + 1) : undefined
}

/** What a door that knows sessions tells of the person; the session is looked up when it is asked for, and once. */
export function personOf(world: World, request: IncomingMessage): Required<Pick<DoorCtx, 'signedIn' | 'memberOf'>> {
  let opened: Promise<OpenSession | undefined> | undefined
  const session = () => {
    const cookie = cookieIn(request, sessionCookieName(world.config.publicUrl))
    opened ??= cookie === undefined ? Promise.resolve(undefined) : openSession(world, cookie)
    return opened
  }
  return {
    signedIn: async () => (await session())?.who,
    async memberOf(who: SignedIn, projectId: string) {
      const found = await session()
      return found && found.who.id === who.id ? memberIn(found, projectId) : undefined
    },
  }
}
