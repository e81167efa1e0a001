import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Call, openHistory } from '../faults/history.ts'
import {
  counted,
  isLinearizable,
  type Model,
  type SingleUse,
  type SingleUseAnswer,
  singleUse,
  type Versioned,
  type VersionedAnswer,
  versionFaults,
} from '../faults/linearizable.ts'

const never = Number.POSITIVE_INFINITY

/** A call from `start` to `end`; without an answer nobody knows whether it happened. */
const call = <Input, Output>(start: number, end: number, input: Input, output?: Output): Call<Input, Output> => ({
  ...{ client: 0, input, start },
  ...{ end: output === undefined ? never : end, output },
})

const once = (start: number, end: number, input: SingleUse, output?: SingleUseAnswer) => call(start, end, input, output)
const use = (to: string) => ({ use: to })

describe('what is used once', () => {
  test.each<[string, Call<SingleUse, SingleUseAnswer>[]]>([
    ['one of two racers', [once(0, 9, use('a'), 'done'), once(1, 8, use('b'), 'refused'), once(10, 11, 'read', ['a'])]],
    [
      'readings on either side of a use',
      [once(0, 9, use('a'), 'done'), once(1, 2, 'read', ['a']), once(0, 3, 'read', ['pending'])],
    ],
    [
      'a use that nobody knows of, which happened',
      [once(0, 0, use('a')), once(5, 6, 'read', ['pending']), once(7, 8, 'read', ['a'])],
    ],
    ['a use that nobody knows of, which did not', [once(0, 0, use('a')), once(7, 8, use('b'), 'done')]],
    [
      'the same done twice where that is as good as once',
      [once(0, 1, use('a'), 'holds'), once(2, 3, use('a'), 'holds')],
    ],
    ['a reading that tells less', [once(0, 1, use('a'), 'done'), once(2, 3, 'read', ['a', 'b'])]],
  ])('may show %s', (_what, calls) => expect(isLinearizable(singleUse, calls)).toBe(true))

  test.each<[string, Call<SingleUse, SingleUseAnswer>[]]>([
    ['two winners', [once(0, 9, use('a'), 'done'), once(1, 8, use('b'), 'done')]],
    ['pending after an acknowledged use', [once(0, 1, use('a'), 'done'), once(2, 3, 'read', ['pending'])]],
    [
      'pending after somebody read its end',
      [once(0, 9, use('a'), 'done'), once(1, 2, 'read', ['a']), once(3, 4, 'read', ['pending'])],
    ],
    ['an end before its use began', [once(0, 1, 'read', ['a']), once(2, 3, use('a'), 'done')]],
    ['a refusal of what nobody used', [once(0, 1, use('a'), 'refused')]],
    ['a use after its end was read', [once(0, 0, use('b')), once(1, 2, 'read', ['b']), once(3, 4, use('a'), 'done')]],
    ['two ends where twice is as good as once', [once(0, 1, use('a'), 'holds'), once(2, 3, use('b'), 'holds')]],
    ['another end than the acknowledged one', [once(0, 1, use('a'), 'done'), once(2, 3, 'read', ['b'])]],
    [
      'an end that changes',
      [once(0, 0, use('a')), once(0, 0, use('b')), once(1, 2, 'read', ['a']), once(3, 4, 'read', ['b'])],
    ],
  ])('may not show %s', (_what, calls) => expect(isLinearizable(singleUse, calls)).toBe(false))
})

test('what is used three times counts down, and a fourth use is refused', () => {
  type Three = Call<'use' | 'read', number | 'refused'>
  const three = (...calls: Three[]) => isLinearizable(counted(3), calls)
  const [first, second, third]: Three[] = [call(0, 9, 'use', 1), call(0, 9, 'use', 2), call(0, 9, 'use', 0)]
  if (!first || !second || !third) throw new Error('There are three.')
  expect(three(first, second, third, call(10, 11, 'use', 'refused'))).toBe(true)
  expect(three(first, second, third, call(10, 11, 'use', 0))).toBe(false)
  expect(three(first, second, call(10, 11, 'use', 'refused'))).toBe(false)
  expect(three(first, second, call(0, 0, 'use'), call(10, 11, 'use', 'refused'))).toBe(true)
  expect(three(first, second, call(10, 11, 'read', 2))).toBe(false)
})

/** The same value as a model: slow, but a search, not rules. Of a write that nobody knows of any version is tried. */
const versioned: Model<VersionedAnswer, Versioned, VersionedAnswer> = {
  initial: { version: 0, value: null },
  step(state, input, output) {
    if (input === 'read')
      return !output || (output.version === state.version && output.value === state.value) ? [state] : []
    if (input.expects !== undefined && input.expects !== state.version) return output ? [] : [state]
    const versions = output ? [output.version] : [1, 2, 3, 4, 5, 6]
    return versions.filter((one) => one > state.version).map((version) => ({ version, value: input.write }))
  },
}

const put = (start: number, end: number, write: string, version?: number, expects?: number) =>
  call<Versioned, VersionedAnswer>(
    ...([start, end, expects === undefined ? { write } : { write, expects }] as const),
    version === undefined ? undefined : { version, value: write },
  )
const saw = (start: number, end: number, version: number, value: string | null) =>
  call<Versioned, VersionedAnswer>(start, end, 'read', { version, value })

describe('a value with versions', () => {
  test.each<[string, Call<Versioned, VersionedAnswer>[]]>([
    [
      'what was written',
      [saw(0, 1, 0, null), put(2, 3, 'x', 1), saw(4, 5, 1, 'x'), put(6, 9, 'y', 2), saw(7, 8, 1, 'x')],
    ],
    ['writes in another order than they were sent', [put(0, 9, 'x', 2), put(1, 8, 'y', 1), saw(10, 11, 2, 'x')]],
    ['a write that nobody knows of', [put(0, 0, 'x'), saw(1, 2, 0, null), saw(3, 4, 1, 'x')]],
    ['a write over what it was meant for', [put(0, 1, 'x', 1), put(2, 3, 'y', 2, 1)]],
  ])('may show %s', (_what, calls) => expect(versionFaults(calls)).toEqual([]))

  test.each<[string, Call<Versioned, VersionedAnswer>[]]>([
    ['an old one after an acknowledged write', [put(0, 1, 'x', 1), put(2, 3, 'y', 2), saw(4, 5, 1, 'x')]],
    ['an old one after a new one', [put(0, 1, 'x', 1), put(2, 9, 'y', 2), saw(3, 4, 2, 'y'), saw(5, 6, 1, 'x')]],
    ['one that is not written yet', [saw(0, 1, 1, 'x'), put(2, 3, 'x', 1)]],
    ['what nobody wrote', [put(0, 1, 'x', 1), saw(2, 3, 1, 'z')]],
    ['two writes of one version', [put(0, 1, 'x', 1), put(0, 1, 'y', 1)]],
    ['a write over another than it was meant for', [put(0, 1, 'x', 1), put(2, 3, 'y', 2), put(4, 5, 'z', 3, 1)]],
    ['nothing after an acknowledged write', [put(0, 1, 'x', 1), saw(2, 3, 0, null)]],
    ['one write at two versions', [put(0, 0, 'x'), saw(1, 2, 1, 'x'), saw(3, 4, 2, 'x')]],
  ])('may not show %s', (_what, calls) => expect(versionFaults(calls)).not.toEqual([]))

  test('is judged as by a search of every order, over small histories made at random', () => {
    const time = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 8 }))
    const version = fc.integer({ min: 0, max: 4 })
    const write = fc.record({
      time,
      version: fc.integer({ min: 1, max: 4 }),
      known: fc.boolean(),
      over: fc.option(version),
    })
    const history = fc.record({
      writes: fc.array(write, { maxLength: 4 }),
      reads: fc.array(fc.record({ time, version, of: fc.integer({ min: -1, max: 3 }) }), { maxLength: 4 }),
    })
    const judged = { yes: 0, no: 0 }
    fc.assert(
      fc.property(history, ({ writes, reads }) => {
        // Nobody expects a version that nobody was shown.
        const shown = new Set([
          0,
          ...writes.flatMap(({ version: made, known }) => (known ? [made] : [])),
          ...reads.flatMap(({ version: made, of }) => (of < 0 ? [] : [made])),
        ])
        const calls = [
          ...writes.map(({ time: [at, takes], version: made, known, over }, n) =>
            put(
              at,
              at + takes,
              `w${n}`,
              known ? made : undefined,
              shown.has(over ?? -1) ? (over ?? undefined) : undefined,
            ),
          ),
          ...reads.map(({ time: [at, takes], version: made, of }) =>
            saw(at, at + takes, of < 0 ? 0 : made, of < 0 ? null : `w${of}`),
          ),
        ]
        const searched = isLinearizable(versioned, calls)
        judged[searched ? 'yes' : 'no']++
        return (versionFaults(calls).length === 0) === searched
      }),
      { numRuns: 1500 },
    )
    expect(judged.yes).toBeGreaterThan(100)
    expect(judged.no).toBeGreaterThan(100)
  })
})

test('a history keeps what may have happened without an end, and nothing of what did not', async () => {
  const history = openHistory<string, string>()
  await history.record('thing', 1, 'a', async () => ({ output: 'yes' }))
  await history.record('thing', 2, 'b', async () => 'maybe')
  await history.record('thing', 3, 'c', async () => 'nothing')
  const [known, maybe, ...more] = history.things.get('thing') ?? []
  expect(known?.end).toBeGreaterThanOrEqual(known?.start ?? never)
  expect(maybe).toMatchObject({ input: 'b', output: undefined, end: never })
  expect(more).toEqual([])
  expect(history.counts()).toEqual({ calls: 2, maybe: 1, things: 1 })
})
