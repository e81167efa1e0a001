import type { SignedIn } from '../server/context.ts'
import { newVisit } from '../server/http/visits.ts'
import { memberIn, openSession } from '../server/people/session.ts'
import type { World } from '../server/world.ts'
import { as, type asVisitor } from './as.ts'

/** Browsers in which people are signed in, at the pages' door of a world. */
export function signedInAt(world: World) {
  /** A browser at the pages' door with a session in it. */
  function browserOf(person: { value: string }, visit = newVisit()) {
    const session = openSession(world, person.value)
    const signedIn = async (): Promise<SignedIn | undefined> => (await session)?.who
    return as(
      world,
      { type: 'visitor' },
      {
        visit,
        signedIn,
        memberOf: async (_who, projectId) => {
          const open = await session
          return open && memberIn(open, projectId)
        },
      },
    )
  }

  /** Opens an approval's page and presses its button. */
  async function pressed(browser: ReturnType<typeof asVisitor>, token: string, more: object = {}) {
    const { csrf_token, action_hash } = await browser.approvals.open({ token })
    return browser.approvals.act({ token, action: 'approve', csrf_token, action_hash, ...more })
  }
  return { browserOf, pressed }
}
