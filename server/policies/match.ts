import { type Matcher, matchField } from '../../shared/contract/policy.ts'
import { isStorable } from '../../shared/words.ts'
import { BrokenRule, type Effort, matching } from './expression.ts'

/** What a policy looks at of a request. */
export type Subject = { action: string; resource: string | null; scope: Record<string, unknown> }

/** Undefined: what was found is of another type than what it is compared with, so there is no telling. */
type Test = (found: unknown, effort: Effort) => boolean | undefined

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands at a dotted path; `undefined` when nothing does. Only own keys, so that `constructor` names nothing. */
function valueAt({ action, resource, scope }: Subject, field: string): unknown {
  if (field === 'action') return action
  if (field === 'resource') return resource ?? undefined
  let at: unknown = { scope }
  for (const key of field.split('.')) {
    if (!isObject(at) || !Object.hasOwn(at, key)) return undefined
    at = at[key]
  }
  return at
}

/** The longest text that something is compared with, in UTF-16 units. */
const longestWord = 4096

const isScalar = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.length <= longestWord && isStorable(value)
    : (typeof value === 'number' && Number.isFinite(value)) || typeof value === 'boolean' || value === null

const typeOf = (value: unknown): string => (value === null ? 'null' : typeof value)

const text = (value: unknown): string => {
  if (typeof value === 'string' && isScalar(value)) return value
  throw new BrokenRule(`This comparison takes text of at most ${longestWord} characters.`)
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
  return (found: unknown) => (typeof found === 'string' ? compare(found, word) : undefined)
}
const onNumber = (compare: (found: number, wanted: number) => boolean) => (wanted: unknown) => {
  const bound = number(wanted)
  return (found: unknown) => (typeof found === 'number' ? compare(found, bound) : undefined)
}
/** Whether it is one of some words; there is no telling of "5" against 5. */
const among = (words: unknown[], is: boolean): Test => {
  const types = new Set(words.map(typeOf))
  return (found) => (types.has(typeOf(found)) ? words.includes(found) === is : undefined)
}

/** Each comparison: what it is compared with, read once, gives the test of what was found. What is absent is never asked. */
const operators: Record<Exclude<Matcher['op'], 'exists' | 'absent'>, (wanted: unknown) => Test> = {
  equals: (wanted) => among([scalar(wanted)], true),
  not_equals: (wanted) => among([scalar(wanted)], false),
  in: (wanted) => among(list(wanted), true),
  not_in: (wanted) => among(list(wanted), false),
  prefix: onText((found, word) => found.startsWith(word)),
  suffix: onText((found, word) => found.endsWith(word)),
  contains: (wanted) => {
    const word = scalar(wanted)
    return (found) => {
      if (Array.isArray(found)) return found.includes(word)
      return typeof found === 'string' && typeof word === 'string' ? found.includes(word) : undefined
    }
  },
  less_than: onNumber((found, bound) => found < bound),
  at_most: onNumber((found, bound) => found <= bound),
  greater_than: onNumber((found, bound) => found > bound),
  at_least: onNumber((found, bound) => found >= bound),
  matches: (wanted) => {
    const holds = matching(wanted)
    return (found, effort) => (typeof found === 'string' ? holds(found, effort) : undefined)
  },
}

/** The test that a matcher stands for: of what is absent only `absent` holds. @throws {BrokenRule} */
function testOf({ op, value }: Matcher): Test {
  if (op === 'exists' || op === 'absent') {
    nothing(value)
    return (found) => (found === undefined) === (op === 'absent')
  }
  if (!Object.hasOwn(operators, op)) throw new BrokenRule('There is no such comparison.')
  const holds = operators[op](value)
  return (found, effort) => (found === undefined ? false : holds(found, effort))
}

/** A stored matcher as what it should be. @throws {BrokenRule} */
function read(matcher: unknown): { field: string; test: Test } {
  const { field } = isObject(matcher) ? matcher : {}
  if (typeof field !== 'string' || field.length > 500 || !matchField.test(field) || !isStorable(field))
    throw new BrokenRule('A matcher looks at action, resource, or scope.… with dots.')
  return { field, test: testOf(matcher as Matcher) } // its operator and value are looked at there
}

/** Why a matcher cannot be evaluated, as a sentence; undefined when it can. */
export function faultOf(matcher: unknown): string | undefined {
  try {
    read(matcher)
    return undefined
  } catch (fault) {
    if (fault instanceof BrokenRule) return fault.message
    throw fault
  }
}

/**
 * Whether a request fits all matchers. Undefined when none says no, but one looks at something of another type than its
 * own, so that there is no telling. @throws {BrokenRule} when one cannot be evaluated, whatever the others say
 */
export function fits(subject: Subject, matchers: unknown, effort: Effort): boolean | undefined {
  if (!Array.isArray(matchers) || matchers.length === 0) throw new BrokenRule('A policy has at least one matcher.')
  let all: boolean | undefined = true
  for (const { field, test } of matchers.map(read)) {
    const holds = test(valueAt(subject, field), effort)
    if (holds === false) return false
    if (holds === undefined) all = undefined
  }
  return all
}
