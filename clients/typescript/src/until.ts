import { deadline } from './deadline.ts'
import { TimeoutError } from './error.ts'
import type { Http, Options } from './http.ts'
import { sleep } from './patient.ts'

export type WaitOptions = Options & {
  /** Milliseconds, at most 24 days. */
  timeout?: number | undefined
}

/** How one look at it is taken: the seconds that the server may wait, and what the request is sent with. */
export type Look = { wait: number; signal: AbortSignal; fetch: Http['tireless'] }

/** Seconds that one request waits at the server; a little less than it allows (55). */
const atOnce = 50

/** A reply to a waiting request that came sooner than this (ms) with nothing new: the server is about to stop. */
const tooSoon = 500

/**
 * Looks until it is no longer pending, over dropped connections and restarted servers.
 * @throws {TimeoutError} with `details.id` @throws the signal's reason when it is aborted
 */
export async function untilAnswered<Thing extends { status: string }>(
  { tireless }: Pick<Http, 'tireless'>,
  id: string,
  { timeout, signal }: WaitOptions,
  look: (how: Look) => Promise<Thing>,
): Promise<Thing> {
  const end = deadline(timeout, signal)
  try {
    for (;;) {
      const began = Date.now()
      const wait = Math.min(atOnce, Math.max(1, Math.ceil(end.left() / 1000)))
      const found = await look({ wait, signal: end.signal, fetch: tireless })
      if (found.status !== 'pending') return found
      if (Date.now() - began < tooSoon) await sleep(tooSoon * (1 + Math.random()), end.signal)
    }
  } catch (error) {
    if (!end.isOver()) throw error
    throw new TimeoutError({ code: 'TIMED_OUT', message: 'Nobody decided in time.', details: { id }, cause: error })
  } finally {
    end.stop()
  }
}
