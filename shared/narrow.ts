import type { FieldIssue } from './errors.ts'

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const same = (one: unknown, other: unknown): boolean => {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, at) => same(item, other[at]))
  if (isObject(one) && isObject(other)) {
    const keys = Object.keys(one)
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => Object.hasOwn(other, key) && same(one[key], other[key]))
    )
  }
  return one === other
}

/** Whether `given` is what stays of `asked` when items are taken out: each as often as it was there, in its order. */
function isWithin(asked: readonly unknown[], given: readonly unknown[]): boolean {
  let at = 0
  for (const one of asked) if (at < given.length && same(one, given[at])) at++
  return at === given.length
}

/** Why `given` allows more than `asked` at one place, as a sentence; objects are looked into by `wider`. */
function widerAt(asked: unknown, given: unknown): string | undefined {
  if (same(asked, given)) return undefined
  if (Array.isArray(asked)) {
    const holds = Array.isArray(given) && given.length > 0 && isWithin(asked, given)
    return holds ? undefined : 'May only lose items, and not all; none could mean no limit.'
  }
  if (typeof asked === 'number') {
    const holds =
      typeof given === 'number' && Math.abs(given) <= Math.abs(asked) && Math.sign(given) === Math.sign(asked)
    return holds ? undefined : 'May only come nearer to 0, and not be it; that could mean no limit.'
  }
  if (asked === true) return given === false ? undefined : 'May only become false.'
  return 'Must stay as it was asked.'
}

/**
 * Where `given` is wider than `asked`; empty when it is not. What a scope means is its agent's business, so the rule is
 * one that holds without knowing: the keys stay, lists lose items, numbers come nearer to 0, true becomes false, and all
 * else stays. A key that is left out could mean "no limit", and so could an empty list or 0: none may be.
 */
export function wider(asked: Json, given: Json, at = 'scope'): FieldIssue[] {
  const missing = Object.keys(asked).filter((key) => !Object.hasOwn(given, key))
  const issues = missing.map((key) => ({
    path: `${at}.${key}`,
    message: 'Must not be left out; that could mean no limit.',
  }))
  for (const [key, value] of Object.entries(given)) {
    const path = `${at}.${key}`
    const before = asked[key]
    if (!Object.hasOwn(asked, key)) issues.push({ path, message: 'Was not asked for.' })
    else if (isObject(before) && isObject(value)) issues.push(...wider(before, value, path))
    else {
      const message = widerAt(before, value)
      if (message) issues.push({ path, message })
    }
  }
  return issues
}
