import { errors } from '../../shared/errors.ts'
import { refusalOf } from './fault.ts'
import type { Pipeline } from './serve.ts'

/** The same pipeline, as a span by the operation's name where traces are wanted. A refusal is told by its code. */
export const followed =
  (name: string, run: Pipeline): Pipeline =>
  async (door, raw) => {
    const span = door.world.traces?.begin(name, 'internal')
    if (!span) return run(door, raw)
    try {
      const answer = await span.within(() => run(door, raw))
      span.end()
      return answer
    } catch (thrown) {
      const { code } = refusalOf(thrown)
      if (errors[code].status < 500) span.set({ 'error.type': code })
      span.end(errors[code].status < 500 ? undefined : code)
      throw thrown
    }
  }
