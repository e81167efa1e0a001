/** How long a delivery waits after its first, second, … try that failed, in seconds: twelve tries in about four days. */
const waits = [5, 30, 120, 600, 3600, 10_800, 28_800, 57_600, 86_400, 86_400, 86_400] as const

/** The longest patience that a receiver may ask for, in seconds. */
const mostPatience = 86_400

/**
 * Seconds until the next try (before jitter), after the try of this number failed; undefined: there is none. A receiver
 * that asks for more patience gets it, up to a day.
 */
export function waitSeconds(
  number: number,
  failed: { forGood?: boolean; gone?: boolean; retryAfterSeconds?: number },
): number | undefined {
  const wait = waits[number - 1]
  if (wait === undefined || failed.forGood || failed.gone) return undefined
  return Math.max(wait, Math.min(failed.retryAfterSeconds ?? 0, mostPatience))
}
