import { AsyncLocalStorage } from 'node:async_hooks'
import type { Ctx } from '../context.ts'
import type { OpenSession } from '../people/session.ts'

/** One request to the sign-in library, as the parts of ours that it calls back need to know it. */
export type Asking = {
  ctx: Ctx
  /** Path below `/auth`. */
  route: string
  /** The session that the browser had, if it can still be used. */
  session: OpenSession | undefined
  /** Whether a session that comes of this is remembered. */
  remembered: boolean
  /** Of an invitation or of the set-up link, carried across GitHub. */
  ticket: string | undefined
  /** What the library caught and would tell nobody. */
  fault?: unknown
}

const store = new AsyncLocalStorage<Asking>()

/** Runs work as part of a request. */
export const during = <Answer>(asking: Asking, work: () => Promise<Answer>): Promise<Answer> => store.run(asking, work)

/** The request that is under way; the library is never called without one. */
export function theAsking(): Asking {
  const asking = store.getStore()
  if (!asking) throw new Error('The sign-in library was called outside a request.')
  return asking
}
