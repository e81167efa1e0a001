/** The longest time that a timer takes, in ms: about 24 days. */
const most = 2 ** 31 - 1

/**
 * A signal that aborts after `timeout` ms, or with `signal`. `isOver` tells the first from the second; `stop` lets go of
 * both. Own timers, because runtimes lose those of `AbortSignal.any` to their garbage collectors.
 */
export function deadline(timeout: number | undefined, signal: AbortSignal | undefined) {
  const end = new AbortController()
  const until = timeout === undefined ? Number.POSITIVE_INFINITY : Date.now() + Math.min(timeout, most)
  let over = false
  const expire = () => {
    over = true
    end.abort()
  }
  const leave = () => end.abort(signal?.reason)
  const timer = timeout === undefined ? undefined : setTimeout(expire, Math.min(timeout, most))
  if (signal?.aborted) leave()
  else signal?.addEventListener('abort', leave)
  return {
    signal: end.signal,
    left: () => until - Date.now(),
    isOver: () => over,
    stop() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
    },
  }
}
