import { CountersignError, NetworkError } from './error.ts'
import { retryAfterOf } from './fault.ts'

export type Fetch = (request: Request) => Promise<Response>

type Patience = {
  fetch: Fetch
  /** How often a request that may be repeated is repeated; Infinity: until its signal says stop. */
  retries: number
  /** Milliseconds for one attempt, beside the time that it asks the server to wait. */
  timeout: number
  /** Whatever it is given does the same however often it comes. */
  harmless?: boolean
}

/** The longest that a reply's Retry-After is waited for, in ms; who is tireless waits as long as it says. */
const longest = 60_000

/**
 * A fetch that repeats what may be repeated, reads and whatever carries an Idempotency-Key, when nothing came back, when the
 * reply broke off, and when the server says that it passes: 429 and 409 with Retry-After, 502, 503, 504. What was refused with
 * 429 never began, so anything is repeated then.
 * @throws {NetworkError} UNREACHABLE @throws the signal's reason when it is aborted
 */
export const patient =
  ({ fetch, retries, timeout, harmless = false }: Patience): Fetch =>
  async (request) => {
    const repeatable = harmless || request.method === 'GET' || request.headers.has('idempotency-key')
    const body = request.method === 'GET' ? undefined : await request.text()
    const wait = Number(new URL(request.url).searchParams.get('wait') ?? 0) * 1000
    for (let failed = 0; ; failed++) {
      request.signal.throwIfAborted()
      const came = await attempt(fetch, request, body, timeout + wait)
      const refused = came instanceof Response && came.status === 429
      const pause =
        (repeatable || refused) && failed < retries
          ? pauseAfter(came, failed, Number.isFinite(retries) ? longest : Number.POSITIVE_INFINITY)
          : undefined
      if (pause !== undefined) await sleep(pause, request.signal)
      else if (came instanceof CountersignError) throw came
      else return came
    }
  }

/** One attempt with its whole body, so that a reply which breaks off counts as none. */
async function attempt(fetch: Fetch, { url, method, headers, signal }: Request, body: string | undefined, ms: number) {
  const end = new AbortController()
  const stop = () => end.abort()
  const timer = setTimeout(stop, ms)
  signal.addEventListener('abort', stop)
  try {
    // The API redirects nobody: what did would be sent the body, too.
    const how = { method, headers, signal: end.signal, redirect: 'error' } as const
    const sent = new Request(url, body === undefined ? how : { ...how, body })
    const reply = await fetch(sent)
    const bytes = await reply.arrayBuffer()
    const { status, statusText } = reply
    return new Response(bytes.byteLength === 0 ? null : bytes, { status, statusText, headers: reply.headers })
  } catch (cause) {
    signal.throwIfAborted()
    const message = `${new URL(url).origin} could not be reached.`
    return new NetworkError({ code: 'UNREACHABLE', message, cause })
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

/** Milliseconds until the next attempt; undefined when another would end the same. */
function pauseAfter(came: Response | CountersignError, failed: number, most: number): number | undefined {
  const jittered = Math.min(8000, 250 * 2 ** failed) * (0.5 + Math.random() / 2)
  if (came instanceof CountersignError) return jittered
  const told = (retryAfterOf(came) ?? Number.NaN) * 1000
  // Without Retry-After a 429 is a lock, and a 409 a conflict, that no time resolves.
  const passes = [502, 503, 504].includes(came.status) || ([409, 429].includes(came.status) && !Number.isNaN(told))
  if (!passes || told > most) return undefined
  return (Number.isNaN(told) ? 0 : told) + jittered
}

/** @throws the signal's reason when it is aborted meanwhile */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', over)
      resolve()
    }, ms)
    if (signal.aborted) over()
    else signal.addEventListener('abort', over, { once: true })
  })
}
