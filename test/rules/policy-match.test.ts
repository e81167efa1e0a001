import { describe, expect, test } from 'vitest'
import { BrokenRule, effortOfOne } from '../../server/policies/expression.ts'
import { faultOf, fits, type Subject } from '../../server/policies/match.ts'
import { type MatchOperator, matchOperators } from '../../shared/contract/policy.ts'

const subject = (scope: Record<string, unknown>, more: Partial<Subject> = {}): Subject => ({
  action: 'refund.create',
  resource: 'shop:one',
  scope,
  ...more,
})
const found = (op: MatchOperator, value: unknown, x?: unknown) =>
  fits(subject(x === undefined ? {} : { x }), [{ field: 'scope.x', op, value }], effortOfOne())

describe('a comparison', () => {
  test.each<[MatchOperator, unknown, unknown, unknown]>([
    ['equals', 'a', 'a', 'b'],
    ['equals', 5, 5, 5.1],
    ['equals', false, false, true],
    ['equals', null, null, 'null'],
    ['not_equals', 'a', 'b', 'a'],
    ['in', ['a', 'b'], 'b', 'c'],
    ['in', [1, 'a'], 1, 2],
    ['not_in', ['a', 'b'], 'c', 'b'],
    ['prefix', 'ab', 'abc', 'bab'],
    ['suffix', 'bc', 'abc', 'bca'],
    ['contains', 'b', 'abc', 'acc'],
    ['contains', 'b', ['a', 'b'], ['ab']],
    ['contains', 5, [4, 5], ['5']],
    ['less_than', 5, 4.9, 5],
    ['at_most', 5, 5, 5.1],
    ['greater_than', 5, 5.1, 5],
    ['at_least', 5, 5, 4.9],
    ['matches', 'a+b', 'aab', 'xaab'],
    ['matches', '(?i)prod-.*', 'PROD-1', 'staging'],
  ])('%s %j holds of %j and not of %j', (op, value, right, wrong) => {
    expect(found(op, value, right)).toBe(true)
    if (typeof right === typeof wrong && (right === null) === (wrong === null))
      expect(found(op, value, wrong)).toBe(false)
    else expect(found(op, value, wrong)).not.toBe(true)
    expect(found(op, value)).toBe(false)
  })

  test('exists and absent look at whether there is anything, be it null', () => {
    for (const x of [null, false, 0, '', [], {}])
      expect([found('exists', undefined, x), found('absent', undefined, x)]).toEqual([true, false])
    expect([found('exists', undefined), found('absent', undefined)]).toEqual([false, true])
  })

  test.each<[MatchOperator, unknown, unknown[]]>([
    ['equals', 5, ['5', true, null, [5], { a: 5 }]],
    ['not_equals', 'prod', [5, null, ['prod'], {}]],
    ['in', ['a'], [1, null, ['a'], {}]],
    ['not_in', ['a'], [1, null, ['a'], {}]],
    ['prefix', 'a', [1, null, true, ['a'], {}]],
    ['suffix', 'a', [1, null, true, ['a'], {}]],
    ['contains', 'a', [1, null, true, { a: 1 }]],
    ['less_than', 5, ['4', null, true, [4], {}]],
    ['at_most', 5, ['4', null, true, [4], {}]],
    ['greater_than', 5, ['6', null, true, [6], {}]],
    ['at_least', 5, ['6', null, true, [6], {}]],
    ['matches', 'a', [1, null, ['a'], 'a'.repeat(1001)]],
  ])('%s %j cannot tell of another type, nor of a text that is too long', (op, value, others) => {
    for (const x of others) expect(found(op, value, x)).toBeUndefined()
  })
})

describe('a matcher that is refused', () => {
  const bad: Record<MatchOperator, unknown[]> = {
    ...{
      equals: [undefined, [], {}],
      not_equals: [undefined, {}],
      in: [[], 'a', Array(201).fill(1), [[1]], null],
      not_in: [[], {}],
    },
    ...{ prefix: [1, null, undefined, 'a\0'], suffix: [true, 'a'.repeat(4097)], contains: [undefined, {}, '\ud800'] },
    ...{
      less_than: ['5', null],
      at_most: [undefined, Number.NaN],
      greater_than: ['x', {}],
      at_least: [[], Number.POSITIVE_INFINITY],
    },
    ...{ exists: [true, 0], absent: ['', false] },
    matches: ['', 5, undefined, '(', 'a(?=b)', '(a)\\1', 'a'.repeat(501), '*', '[z-a]', 'a{1,2000}'],
  }
  test.each(matchOperators)('%s says why, when it is made and when it is asked', (op) => {
    expect(bad[op].length).toBeGreaterThan(1)
    for (const value of bad[op]) {
      expect(faultOf({ field: 'scope.x', op, value }), JSON.stringify(value)).toMatch(/\.$/)
      expect(() => found(op, value, 'x')).toThrow(BrokenRule)
    }
  })

  test.each([
    null,
    5,
    'scope.x',
    [],
    {},
    { field: 5 },
    { field: 'scope', op: 'exists' },
    { field: 'agentId', op: 'exists' },
    { field: 'scope.x', op: 'constructor' },
    { field: 'scope.x', op: '__proto__' },
    { field: 'scope..x', op: 'exists' },
    { field: 'scope.a\0', op: 'exists' },
  ])('%j, changed by hand, is a broken rule and not a crash', (matcher) => {
    expect(faultOf(matcher)).toMatch(/\.$/)
    expect(() => fits(subject({}), [matcher], effortOfOne())).toThrow(BrokenRule)
  })

  test.each([undefined, null, 'x', {}, []])('matchers %j are broken as well', (matchers) => {
    expect(() => fits(subject({}), matchers, effortOfOne())).toThrow(BrokenRule)
  })
})

test.each(['__proto__', 'constructor', 'prototype', 'toString', '__proto__.polluted', 'constructor.name', 'x.length'])(
  'the path %s names nothing that the request did not bring',
  (path) => {
    const there = fits(subject({ x: 'text' }), [{ field: `scope.${path}`, op: 'exists' }], effortOfOne())
    expect(there).toBe(false)
  },
)

test('a path goes into objects, eight keys deep, and not into lists', () => {
  const deep = { a: { b: { c: { d: { e: { f: { g: { h: 5 } } } } } } } }
  const is = (field: string, scope: Record<string, unknown>) =>
    fits(subject(scope), [{ field, op: 'equals', value: 5 }], effortOfOne())
  expect(is('scope.a.b.c.d.e.f.g.h', deep)).toBe(true)
  expect(is('scope.a.0', { a: [5] })).toBe(false)
  expect(fits(subject({}, { resource: null }), [{ field: 'resource', op: 'absent' }], effortOfOne())).toBe(true)
})

describe('a catastrophic regular expression', () => {
  test.each([
    '((a{30}){30}){30}',
    '(a{100}){100}',
    '(.{0,9}){50}',
    'a{0,201}',
    'a{100}b{101}',
    '(a)(?i){900}',
    '(a)\\Q\\E{900}',
    'a?'.repeat(201),
  ])('%s is refused before it costs anything', (value) => {
    expect(faultOf({ field: 'action', op: 'matches', value })).toMatch(/\.$/)
  })

  test.each(['(a+)+', '(a|aa)*', '(a*)*b', '(x+x+)+y', '(.*a)+.*b', 'a?'.repeat(190), '[ab]*a[ab]{150}'])(
    '%s takes bounded work on what it cannot match',
    (value) => {
      const effort = effortOfOne()
      const before = effort.left
      expect(fits(subject({ x: `${'a'.repeat(999)}!` }), [{ field: 'scope.x', op: 'matches', value }], effort)).toBe(
        false,
      )
      expect(before - effort.left).toBeLessThanOrEqual(400_000)
    },
  )
})
