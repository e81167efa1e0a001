import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wider } from '../../shared/narrow.ts'
import { often } from '../thorough.ts'

type Json = Record<string, unknown>

const pathsOf = (asked: Json, given: Json) => wider(asked, given).map(({ path }) => path)
const allows = (asked: unknown, given: unknown) => wider({ x: asked }, { x: given }).length === 0

describe('a scope is no wider', () => {
  test.each<[string, unknown, unknown]>([
    ['as it was asked', { a: [1, { b: null }], c: 'x' }, { c: 'x', a: [1, { b: null }] }],
    ['with fewer items', ['a', 'b', 'c'], ['a', 'c']],
    ['with as many of an item as there were', ['a', 'a', 'b'], ['a', 'a']],
    ['with a smaller number', 50, 20.5],
    ['with a number nearer to 0 from below', -50, -1],
    ['with true made false', true, false],
    ['with less deep inside', { a: { b: { to: ['x', 'y'] } } }, { a: { b: { to: ['y'] } } }],
    ['with whole objects taken out of a list', [{ a: 1 }, { a: 2 }], [{ a: 2 }]],
  ])('%s', (_, asked, given) => {
    expect(allows(asked, given)).toBe(true)
  })
})

describe('a scope is wider', () => {
  test.each<[string, unknown, unknown]>([
    ['with an item more', ['a'], ['a', 'b']],
    ['with an item twice', ['a'], ['a', 'a']],
    ['with items in another order', ['a', 'b'], ['b', 'a']],
    ['with an empty list, which could mean no limit', ['a'], []],
    ['with something in an empty list', [], ['a']],
    ['with a list made a text', ['a'], 'a'],
    ['with a list made an object', ['a'], { 0: 'a' }],
    ['with an item of a list made smaller: what it means there is unknown', [5], [4]],
    ['with a larger number', 50, 50.01],
    ['with 0, which could mean no limit', 50, 0],
    ['with another sign', 50, -1],
    ['with another sign of what is nearly nothing', 1e-200, -1e-201],
    ['with a number made text', 50, '5'],
    ['with false made true', false, true],
    ['with true made null', true, null],
    ['with another text', 'prod', 'staging'],
    ['with a shorter text', 'prod/a', 'prod'],
    ['with null made something', null, 'x'],
    ['with something made null', 'x', null],
    ['with an object made a list', { a: 1 }, []],
    ['with an object made null', { a: 1 }, null],
    ['with a value made an object', 'x', { a: 1 }],
    ['with keys in an item of a list', [{ a: 1 }], [{ a: 1, b: 2 }]],
  ])('%s', (_, asked, given) => {
    expect(allows(asked, given)).toBe(false)
  })

  test('says where, by path, and names what is missing and what nobody asked for', () => {
    expect(pathsOf({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: 2, e: 1 }, d: [1, 2] })).toEqual([
      'scope.a.c',
      'scope.a.b',
      'scope.a.e',
      'scope.d',
    ])
    expect(pathsOf({}, { a: undefined })).toEqual(['scope.a'])
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    'with a key %s that nobody asked for',
    (key) => {
      const given: Json = JSON.parse(`{"${key}": {"polluted": true}}`)
      expect(pathsOf({}, given)).toEqual([`scope.${key}`])
      expect(pathsOf(given, {})).toEqual([`scope.${key}`])
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    },
  )
})

const scope = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 6 })

/** How much a value holds: of what is no wider it is never more. */
function size(value: unknown): number {
  if (typeof value === 'number') return Math.abs(value)
  if (value === true) return 1
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce<number>((sum, one) => sum + size(one), 0)
}

describe('of any two scopes', () => {
  test('each is no wider than itself, and two that are no wider than each other are the same', () => {
    fc.assert(
      fc.property(scope, scope, (one, other) => {
        expect(wider(one, structuredClone(one))).toEqual([])
        if (wider(one, other).length === 0 && wider(other, one).length === 0) expect(other).toEqual(one)
      }),
      { numRuns: often(300, 20_000) },
    )
  })

  test('what is no wider than what is no wider than a third is no wider than the third', () => {
    const less = (value: unknown, keep: (n: number) => boolean): unknown => {
      if (Array.isArray(value)) return value.length < 2 ? value : value.filter((_, i) => i === 0 || keep(i))
      if (typeof value === 'number') return keep(1) && Math.abs(value) > 1e-300 ? value / 2 : value
      if (value === true) return keep(2)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, less(one, keep)]))
    }
    fc.assert(
      fc.property(scope, fc.infiniteStream(fc.boolean()), (asked, coins) => {
        const once = less(asked, () => coins.next().value === true) as Json // an object stays one
        const twice = less(once, () => coins.next().value === true) as Json
        expect(wider(asked, once)).toEqual([])
        expect(wider(once, twice)).toEqual([])
        expect(wider(asked, twice)).toEqual([])
        expect(size(twice)).toBeLessThanOrEqual(size(asked))
      }),
      { numRuns: often(300, 20_000) },
    )
  })
})
