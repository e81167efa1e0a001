import type { IncomingMessage } from 'node:http'
import type { SignedIn } from '../context.ts'
import { sessionCookieName } from '../people/cookie.ts'
import { memberIn, type OpenSession, openSession } from '../people/session.ts'
import type { DoorCtx } from '../rpc/admit.ts'
import type { World } from '../world.ts'

export { isSecure, sessionCookieName } from '../people/cookie.ts'

/** One cookie of a request, as it was sent; undefined when it is absent or sent twice, as nobody could say which is meant. */
export function cookieIn(request: Pick<IncomingMessage, 'headers'>, name: string): string | undefined {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
  return found.length === 1 ? found[0]?.slice(name.length + 1) : undefined
}

/**
 * What a door that knows sessions tells of the person; the session is looked up when it is asked for, and once. `unseen`:
 * that is no use of the session, which goes on towards its idle end.
 */
export function personOf(
  world: World,
  request: IncomingMessage,
  use?: 'unseen',
): Required<Pick<DoorCtx, 'signedIn' | 'memberOf'>> {
  let opened: Promise<OpenSession | undefined> | undefined
  const session = () => {
    const cookie = cookieIn(request, sessionCookieName(world.config.publicUrl))
    opened ??= cookie === undefined ? Promise.resolve(undefined) : openSession(world, cookie, use)
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
