import { errors } from '../../shared/errors.ts'
import type { Traces } from '../lib/trace.ts'
import { refusalOf } from './fault.ts'
import type { Pipeline } from './serve.ts'

/** The same pipeline, as a span by the operation's name where traces are wanted. A refusal is told by its code. */
export function followed(name: string, run: Pipeline): Pipeline {
  const follow = async (traces: Traces, ...[door, raw]: Parameters<Pipeline>) => {
    const span = traces.begin(name, 'internal')
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
  // Where nobody wants traces they cost no promise either.
  return (door, raw) => (door.world.traces ? follow(door.world.traces, door, raw) : run(door, raw))
}
