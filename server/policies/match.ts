import { RE2JS } from 're2js'
import type { Matcher } from '../../shared/contract/policy.ts'

/** What a policy looks at of a request. */
export type Subject = { action: string; resource: string | null; scope: Record<string, unknown> }

/** A matcher that cannot be evaluated, as a sentence. What it stands in then needs approval. */
export class BrokenRule extends Error {}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands at a dotted path; `undefined` when nothing does. Only own keys, so that `constructor` names nothing. */
function valueAt(subject: Subject, field: string): unknown {
  if (field === 'action') return subject.action
  if (field === 'resource') return subject.resource ?? undefined
  let at: unknown = subject
  for (const key of field.split('.')) {
    if (!isObject(at) || !Object.hasOwn(at, key)) return undefined
    at = at[key]
  }
  return at
}

const isScalar = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value) || value === null

/** The longest regular expression, and the longest text that one is held against; RE2 takes time linear in both. */
const [longestPattern, longestText] = [500, 4096]

const compiled = new Map<string, RE2JS>()

function expressionOf(pattern: unknown): RE2JS {
  if (typeof pattern !== 'string' || pattern === '' || pattern.length > longestPattern)
    throw new BrokenRule(`A regular expression is text of 1 to ${longestPattern} characters.`)
  const known = compiled.get(pattern)
  if (known) return known
  try {
    const made = RE2JS.compile(pattern)
    if (compiled.size >= 1000) compiled.clear()
    compiled.set(pattern, made)
    return made
  } catch {
    throw new BrokenRule('This is no regular expression in RE2 syntax; look-ahead and back-references are not in it.')
  }
}

const text = (value: unknown): string => {
  if (typeof value === 'string') return value
  throw new BrokenRule('This comparison takes text.')
}
const number = (value: unknown): number => {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new BrokenRule('This comparison takes a number.')
}
const scalar = (value: unknown) => {
  if (isScalar(value)) return value
  throw new BrokenRule('This comparison takes text, a number, true, false or null.')
}
const list = (value: unknown): unknown[] => {
  if (Array.isArray(value) && value.length > 0 && value.length <= 200 && value.every(isScalar)) return value
  throw new BrokenRule('This comparison takes a list of 1 to 200 texts or numbers.')
}
const nothing = (value: unknown): undefined => {
  if (value === undefined || value === null) return undefined
  throw new BrokenRule('This comparison takes no value.')
}

const onText = (compare: (found: string, wanted: string) => boolean) => (wanted: unknown) => {
  const word = text(wanted)
  return (found: unknown) => typeof found === 'string' && compare(found, word)
}
const onNumber = (compare: (found: number, wanted: number) => boolean) => (wanted: unknown) => {
  const bound = number(wanted)
  return (found: unknown) => typeof found === 'number' && compare(found, bound)
}

/**
 * Each comparison: what it is compared with, read once, gives the test of what was found. What is absent, or of another
 * type, fits none but `absent`: a rule that says yes never does so for want of something to look at.
 */
const operators: Record<Matcher['op'], (wanted: unknown) => (found: unknown) => boolean> = {
  equals: (wanted) => {
    const word = scalar(wanted)
    return (found) => found === word
  },
  not_equals: (wanted) => {
    const word = scalar(wanted)
    return (found) => isScalar(found) && found !== word
  },
  in: (wanted) => {
    const words = list(wanted)
    return (found) => words.includes(found)
  },
  not_in: (wanted) => {
    const words = list(wanted)
    return (found) => isScalar(found) && !words.includes(found)
  },
  prefix: onText((found, word) => found.startsWith(word)),
  suffix: onText((found, word) => found.endsWith(word)),
  contains: (wanted) => {
    const word = scalar(wanted)
    return (found) =>
      Array.isArray(found)
        ? found.includes(word)
        : typeof found === 'string' && typeof word === 'string' && found.includes(word)
  },
  less_than: onNumber((found, bound) => found < bound),
  at_most: onNumber((found, bound) => found <= bound),
  greater_than: onNumber((found, bound) => found > bound),
  at_least: onNumber((found, bound) => found >= bound),
  exists: (wanted) => {
    nothing(wanted)
    return (found) => found !== undefined
  },
  absent: (wanted) => {
    nothing(wanted)
    return (found) => found === undefined
  },
  matches: (wanted) => {
    const expression = expressionOf(wanted)
    return (found) => typeof found === 'string' && found.length <= longestText && expression.matches(found)
  },
}

/** The test that a matcher stands for. @throws {BrokenRule} */
function testOf({ op, value }: Matcher) {
  if (!Object.hasOwn(operators, op)) throw new BrokenRule('There is no such comparison.')
  return operators[op](value)
}

/** Why a matcher cannot be evaluated, as a sentence; undefined when it can. */
export function faultOf(matcher: Matcher): string | undefined {
  try {
    testOf(matcher)
    return undefined
  } catch (fault) {
    if (fault instanceof BrokenRule) return fault.message
    throw fault
  }
}

/** Whether a request fits all matchers. @throws {BrokenRule} when one of them cannot be evaluated, whatever the others say */
export function fits(subject: Subject, matchers: readonly Matcher[]): boolean {
  const tests = matchers.map((one) => ({ field: one.field, holds: testOf(one) }))
  return tests.every(({ field, holds }) => holds(valueAt(subject, field)))
}
