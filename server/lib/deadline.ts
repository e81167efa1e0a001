/** The database did not answer in time, or cannot be reached. The doors answer 503 with Retry-After. */
export class DatabaseAway extends Error {
  override name = 'DatabaseAway'
}

/**
 * Runs work that must end within `ms` milliseconds, and rejects with DatabaseAway when it does not. The signal is aborted
 * then: work that has not committed yet must look at it and stop, or it takes effect after the caller was told 503.
 */
export async function withDeadline<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const away = new DatabaseAway(`The database did not answer within ${ms} ms`)
      late.abort(away)
      reject(away)
    }, ms)
  })
  try {
    return await Promise.race([work(late.signal), over])
  } finally {
    clearTimeout(timer)
  }
}

/** Waits at most `ms` milliseconds for a promise and rejects with DatabaseAway then; for work that nothing can stop. */
export function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new DatabaseAway(`The database did not answer within ${ms} ms`))
    const timer = setTimeout(late, ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** The driver's own codes, the system's, and the SQLSTATEs of a server that is starting, stopping, full or in its own way. */
const awayCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ANSWER_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'EAI_AGAIN',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
  '25006', // read_only_sql_transaction: a standby, while the primary changes
  '57P01', // admin_shutdown: pg_terminate_backend, stop
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: starting up, shutting down
  '57P05', // idle_session_timeout
  '25P03', // idle_in_transaction_session_timeout
  '53100', // disk_full
  '53200', // out_of_memory
  '53300', // too_many_connections
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available
  '57014', // query_canceled: a timeout of the server's
])

/** Is the failure the database's absence or a passing trouble of its own, so that the same request may succeed later? Looks through `cause`. */
export function isDatabaseAway(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if (at instanceof DatabaseAway) return true
    const code = 'code' in at ? at.code : undefined
    // Class 08 is "connection exception".
    if (typeof code === 'string' && (awayCodes.has(code) || /^08\w{3}$/.test(code))) return true
    // The unix socket of a server that is not there; a missing file is something else.
    if (code === 'ENOENT' && 'syscall' in at && at.syscall === 'connect') return true
  }
  return false
}
