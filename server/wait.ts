import type { Ctx } from './context.ts'

/**
 * Reads until the reading is what the caller waits for, at most `seconds`; then the reading as it is. Registers before
 * each read, so no change between read and wait is lost, and keeps nothing but the wake: a client that left costs nothing.
 * Without `seconds` it reads once.
 */
export async function waitFor<Reading>(
  ctx: Ctx,
  topic: string,
  seconds: number | undefined,
  read: () => Promise<Reading>,
  isAnswer: (reading: Reading) => boolean,
): Promise<Reading> {
  if (seconds === undefined) return read()
  const until = performance.now() + seconds * 1000
  for (;;) {
    const next = ctx.world.wake.next(topic, until - performance.now(), ctx.signal)
    let reading: Reading
    try {
      reading = await read()
    } catch (fault) {
      next.cancel()
      throw fault
    }
    if (isAnswer(reading)) {
      next.cancel()
      return reading
    }
    if (!(await next.changed)) return ctx.signal.aborted ? reading : read()
  }
}
