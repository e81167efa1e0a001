import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Effort, effortOfOne } from '../../server/policies/expression.ts'
import { fits, type Subject } from '../../server/policies/match.ts'
import { judge, type Rule } from '../../server/policies/verdict.ts'
import { matchOperators } from '../../shared/contract/policy.ts'
import { wider } from '../../shared/narrow.ts'
import { often } from '../thorough.ts'

const subject = (scope: Record<string, unknown>, more: Partial<Subject> = {}): Subject => ({
  action: 'refund.create',
  resource: 'shop:one',
  scope,
  ...more,
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
