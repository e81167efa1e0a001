/**
 * One call as its caller saw it, in ms of one monotonic clock. Without an output nobody knows whether it happened, nor when:
 * then `end` is Infinity.
 */
export type Call<Input, Output> = {
  client: number
  input: Input
  start: number
  end: number
  output: Output | undefined
}

/** What a caller learned: an answer; that it may have happened (a cut, a timeout, a 5xx); or that it did not, or tells nothing. */
export type Learned<Output> = { output: Output } | 'maybe' | 'nothing'

/** The calls about each thing, by its name: what is about one thing is judged without all others. */
export function openHistory<Input, Output>() {
  const things = new Map<string, Call<Input, Output>[]>()
  let [calls, maybe] = [0, 0]
  return {
    things,
    /** How many calls are recorded, and of how many nobody knows whether they happened. */
    counts: () => ({ calls, maybe, things: things.size }),
    /** Makes a call, and records it when it is over. */
    async record(
      thing: string,
      client: number,
      input: Input,
      make: () => Promise<Learned<Output>>,
    ): Promise<Learned<Output>> {
      const start = performance.now()
      const learned = await make()
      const end = performance.now()
      if (learned === 'nothing') return learned
      const known = things.get(thing) ?? []
      things.set(thing, known)
      calls++
      if (learned === 'maybe') maybe++
      known.push(
        learned === 'maybe'
          ? { client, input, start, end: Number.POSITIVE_INFINITY, output: undefined }
          : { client, input, start, end, output: learned.output },
      )
      return learned
    },
  }
}
