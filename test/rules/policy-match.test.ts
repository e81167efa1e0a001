import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BrokenRule, type Effort, effortOfOne } from '../../server/policies/expression.ts'
import { faultOf, fits, type Subject } from '../../server/policies/match.ts'
import { judge, type Rule } from '../../server/policies/verdict.ts'
import { type MatchOperator, matchOperators } from '../../shared/contract/policy.ts'
import { wider } from '../../shared/narrow.ts'
import { often } from '../thorough.ts'

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

  test('many of them are stopped when their work together is too much, and then need approval', () => {
    const effort: Effort = effortOfOne()
    const one = { field: 'scope.x', op: 'matches', value: `${'a?'.repeat(190)}!` } as const
    expect(() =>
      fits(subject({ x: `${'a'.repeat(900)}!` }), Array(20).fill({ ...one, value: '(?:a|b)*!' }), effort),
    ).not.toThrow()
    const rules = Array.from({ length: 10 }, () => rule({ matchers: [one], effect: 'auto_approve' }))
    expect(judge(rules, asking({ x: 'b'.repeat(900) }))).toMatchObject({ effect: 'require_approval' })
    expect(judge(rules.slice(0, 1), asking({ x: 'b'.repeat(900) }))).toMatchObject({ rule: null })
  })
})

function rule(more: Partial<Rule> = {}): Rule {
  return {
    ...{ id: 'p', name: 'rule', version: 1, agent_id: null, key_family: null, exact_scope: null, scope_template: null },
    ...{
      reason: '',
      standing: false,
      effect: 'auto_approve',
      matchers: [{ field: 'action', op: 'equals', value: 'refund.create' }],
    },
    ...more,
  }
}
const asking = (scope: Record<string, unknown>) => ({ ...subject(scope), agentId: 'a', keyFamily: 'f' })
const over = (value: number) => ({ field: 'scope.x', op: 'greater_than', value }) as const

describe('the policies', () => {
  test('answer with the first that is about the request; none requires approval', () => {
    const deny = rule({ effect: 'deny', matchers: [over(100)], reason: 'Too much.' })
    const yes = rule()
    expect(judge([deny, yes], asking({ x: 101 }))).toMatchObject({ effect: 'deny', reason: 'Too much.' })
    expect(judge([deny, yes], asking({ x: 99 }))).toMatchObject({ effect: 'auto_approve' })
    expect(judge([yes, deny], asking({ x: 101 }))).toMatchObject({ effect: 'auto_approve' })
    expect(judge([deny], asking({ x: 99 }))).toMatchObject({ effect: 'require_approval', rule: null })
    expect(judge([], asking({}))).toMatchObject({ effect: 'require_approval', rule: null })
  })

  test.each(['1000', null, true, [1000], { amount: 1000 }])(
    'do not let %j pass a rule that denies more than 100',
    (x) => {
      const rules = [rule({ effect: 'deny', matchers: [over(100)] }), rule()]
      expect(judge(rules, asking({ x }))).toMatchObject({ effect: 'require_approval', rule: rules[0] })
      // One that approves is passed over: the next may know more.
      expect(judge([rule({ matchers: [over(1)] })], asking({ x }))).toMatchObject({ rule: null })
    },
  )

  test.each<[string, Partial<Rule>]>([
    ['cannot be evaluated', { matchers: [{ field: 'action', op: 'matches', value: '(' }] }],
    ['has no matchers', { matchers: [] }],
    ['has matchers that are none', { matchers: 'all' as never }],
    ['has an effect that there is not', { effect: 'allow' as never }],
    ['has a template that would allow more', { scope_template: { x: 60 } }],
    ['has a template with a key that nobody asked for', { scope_template: { y: 1 } }],
    ['has a template that empties a list', { scope_template: { to: [] } }],
  ])('require approval for what comes to a rule that %s, and ask no later one', (_, broken) => {
    expect(judge([rule({ id: 'b', ...broken }), rule()], asking({ x: 50, to: ['a'] }))).toMatchObject({
      effect: 'require_approval',
      rule: { id: 'b' },
    })
  })

  test('pass over a broken rule that is about another agent', () => {
    expect(judge([rule({ agent_id: 'other', matchers: [] }), rule()], asking({}))).toMatchObject({
      effect: 'auto_approve',
    })
  })

  test('allow as little as the template says', () => {
    const narrow = rule({ scope_template: { x: 20, deep: { to: ['a'] } } })
    expect(judge([narrow], asking({ x: 50, deep: { to: ['a', 'b'], y: 1 }, z: 'z' }))).toMatchObject({
      effect: 'auto_approve',
      scope: { x: 20, deep: { to: ['a'], y: 1 }, z: 'z' },
    })
  })

  test('never allow more than was asked, whatever template and request', () => {
    const json = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 })
    let approved = 0
    fc.assert(
      fc.property(json, json, fc.boolean(), (scope, template, alike) => {
        const verdict = judge([rule({ scope_template: alike ? scope : template })], asking(scope))
        if (verdict.effect === 'auto_approve') approved++
        if (verdict.effect === 'auto_approve') expect(wider(scope, verdict.scope)).toEqual([])
        else expect(verdict.effect).toBe('require_approval')
      }),
      { numRuns: often(300, 20_000) },
    )
    expect(approved).toBeGreaterThan(0)
  })

  test('throw at nothing that somebody may have written into a row', () => {
    const anything = fc.anything({ withNullPrototype: true })
    const matcher = fc.oneof(
      anything,
      fc.record({
        field: fc.oneof(anything, fc.constantFrom('action', 'scope.x')),
        op: fc.constantFrom(...matchOperators),
        value: anything,
      }),
    )
    fc.assert(
      fc.property(fc.oneof(anything, fc.array(matcher)), fc.jsonValue(), (matchers, x) => {
        const { effect } = judge([rule({ matchers: matchers as never })], asking({ x }))
        expect(['auto_approve', 'require_approval']).toContain(effect)
      }),
      { numRuns: often(500, 50_000) },
    )
  })
})
