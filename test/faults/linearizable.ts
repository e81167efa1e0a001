import type { Call } from './history.ts'

/**
 * What one thing does when calls come one after the other: the states that it can be in after a call with this answer, none
 * when it cannot give it. A call without an output may have had any.
 */
export type Model<State, Input, Output> = {
  initial: State
  step(state: State, input: Input, output: Output | undefined): readonly State[]
}

/**
 * Whether there is an order of the calls that each answer fits, and in which every call that was over before another began
 * comes before it (Herlihy and Wing; the search is Wing and Gong's, with the memory of Lowe). Calls that nobody knows of may
 * stand anywhere after their start, or nowhere. For a few dozen calls about one thing.
 */
export function isLinearizable<State, Input, Output>(
  { initial, step }: Model<State, Input, Output>,
  calls: readonly Call<Input, Output>[],
): boolean {
  const all = calls.map((call, place) => ({ ...call, bit: 1n << BigInt(place) }))
  const answered = all.filter(({ output }) => output !== undefined)
  const tried = new Set<string>()
  const search = (done: bigint, state: State): boolean => {
    const left = answered.filter(({ bit }) => !(done & bit))
    if (left.length === 0) return true
    const mark = `${done} ${JSON.stringify(state)}`
    if (tried.has(mark)) return false
    tried.add(mark)
    const firstEnd = Math.min(...left.map(({ end }) => end))
    // What began after another was over does not come before it.
    const next = all.filter(({ bit, start }) => !(done & bit) && start <= firstEnd)
    return next.some(({ bit, input, output }) => step(state, input, output).some((after) => search(done | bit, after)))
  }
  return search(0n, initial)
}

/** A thing that is used up once: pending, and then for good what the first use made of it. */
export type SingleUse = { use: string } | 'read'

/**
 * `done`: this call did it. `holds`: this call or another one did the same. `refused`: it was used up before. A list: what
 * was seen, any of these states.
 */
export type SingleUseAnswer = 'done' | 'holds' | 'refused' | readonly string[]

export const singleUse: Model<string, SingleUse, SingleUseAnswer> = {
  initial: 'pending',
  step(state, input, output) {
    if (typeof output === 'object') return output.includes(state) ? [state] : []
    if (input === 'read') return [state]
    if (state === 'pending') return output === 'refused' ? [] : [input.use]
    return output === 'done' || (output === 'holds' && state !== input.use) ? [] : [state]
  },
}

/** Something that can be used so many times. An answer is how often after it; `refused`: not once more. */
export const counted = (uses: number): Model<number, 'use' | 'read', number | 'refused'> => ({
  initial: uses,
  step(left, input, output) {
    if (input === 'read') return output === undefined || output === left ? [left] : []
    if (left === 0) return output === undefined || output === 'refused' ? [0] : []
    return output === undefined || output === left - 1 ? [left - 1] : []
  },
})

/** A value with a version that only grows; each text is written once. `expects`: written only over this version. */
export type Versioned = { write: string; expects?: number } | 'read'

/** What was read, or written. */
export type VersionedAnswer = { version: number; value: string | null }

type Standing = { version: number; value: string | null; expects: number | undefined; start: number; end: number }

/** Writes by version, with those that nobody knew of and somebody read; and what is wrong with that already. */
function writesOf(calls: readonly Call<Versioned, VersionedAnswer>[]) {
  const faults: string[] = []
  const open = new Map<string, Call<Versioned, VersionedAnswer>>()
  const writes = new Map<number, Standing>([[0, { version: 0, value: null, expects: undefined, start: -1, end: -1 }]])
  const put = ({ input, start, end }: Call<Versioned, VersionedAnswer>, { version, value }: VersionedAnswer) => {
    if (writes.has(version)) faults.push(`version ${version} was written twice`)
    writes.set(version, { version, value, expects: input === 'read' ? undefined : input.expects, start, end })
  }
  for (const call of calls) {
    if (call.input === 'read') continue
    if (call.output) put(call, call.output)
    else open.set(call.input.write, call)
  }
  for (const { input, output } of calls) {
    if (input !== 'read' || !output || writes.get(output.version)?.value === output.value) continue
    const by = open.get(output.value ?? '')
    if (!by || writes.has(output.version)) faults.push(`version ${output.version} was read as nobody wrote it`)
    else put(by, output)
    open.delete(output.value ?? '')
  }
  return { writes, faults }
}

/**
 * What is not linearizable in the calls about one value, in sentences; none when all is. Versions say in which order the
 * writes were, so nothing is searched: readings stand after their write, and no call that was over before another began may
 * have seen a later version. A search over small histories finds the same (test/rules/linearizable.test.ts).
 */
export function versionFaults(calls: readonly Call<Versioned, VersionedAnswer>[]): string[] {
  const { writes, faults } = writesOf(calls)
  const readings = calls.flatMap(({ input, output, start, end }) =>
    input === 'read' && output ? [{ version: output.version, start, end, isWrite: false }] : [],
  )
  const seen = [...readings, ...[...writes.values()].map((write) => ({ ...write, isWrite: true }))]
  const byEnd = seen.toSorted((a, b) => a.end - b.end)
  let [ended, newest] = [0, 0]
  for (const { version, start, isWrite } of seen.toSorted((a, b) => a.start - b.start)) {
    for (let over = byEnd[ended]; over && over.end < start; over = byEnd[++ended])
      newest = Math.max(newest, over.version)
    if (version < newest) faults.push(`version ${version} was ${isWrite ? 'written' : 'read'} after version ${newest}`)
    else if (isWrite && version === newest && version > 0)
      faults.push(`version ${version} was seen before it was written`)
  }
  const versions = [...writes.keys()].toSorted((a, b) => a - b)
  for (const { version, expects } of writes.values())
    if (expects !== undefined && versions[versions.indexOf(version) - 1] !== expects)
      faults.push(`version ${version} was written over another than ${expects}`)
  return faults
}
