import { expect, test } from 'vitest'
import { visible } from '../../shared/visible.ts'
import { digitsOf, faultsIn, filledFrom } from '../../web/pages/approve/form.ts'
import { relative, timeLeft } from '../../web/parts/clock.ts'
import { flatten } from '../../web/parts/flatten.ts'

test('time left is said in its two largest units', () => {
  expect([0, -5, 900, 59_000, 61_000, 3_600_000, 90_000_000].map(timeLeft)).toEqual([
    '0 s',
    '0 s',
    '1 s',
    '59 s',
    '1 min 1 s',
    '1 hour 0 min',
    '1 day 1 hour',
  ])
})

test('an instant is said relative to now', () => {
  expect([-125_000, -500, 475_000, 172_800_000].map((gap) => relative(1e12 + gap, 1e12))).toEqual([
    '2 minutes ago',
    'now',
    'in 7 minutes',
    'in 2 days',
  ])
})

test('a payload becomes rows: nested keys dotted, lists and empty things as JSON', () => {
  expect(flatten({ a: 'x', b: { c: 1, d: { e: null } }, f: [1, 'two'], g: {}, h: true })).toEqual([
    { name: 'a', value: 'x' },
    { name: 'b.c', value: '1' },
    { name: 'b.d.e', value: 'null' },
    { name: 'f', value: '[1,"two"]' },
    { name: 'g', value: '{}' },
    { name: 'h', value: 'true' },
  ])
})

test('characters that hide or turn text around are shown', () => {
  expect(visible('a\u202eb\u200bc\u0007\r\nd\te')).toBe('a⟨U+202E⟩b⟨U+200B⟩c⟨U+0007⟩\nd\te')
  expect(visible('app\u200drove')).toBe('app⟨U+200D⟩rove')
  expect(visible('👩\u200d💻 می\u200cخواهم')).toBe('👩\u200d💻 می\u200cخواهم')
})

const needs = { pin: true, comment: 'required', match_number: true, sign_in: false } as const

test('what is missing is named in the order of the fields, and what is not asked for is not sent', () => {
  expect(Object.keys(faultsIn({ pin: '1', comment: ' ', match_number: '12' }, needs))).toEqual([
    'match_number',
    'pin',
    'comment',
  ])
  expect(faultsIn({ pin: '4829', comment: 'x', match_number: '123' }, needs)).toEqual({})
  const entered = { pin: '4829', comment: ' x ', match_number: '123' }
  expect(filledFrom(entered, needs)).toEqual({ pin: '4829', comment: 'x', match_number: '123' })
  expect(filledFrom(entered, { pin: false, comment: 'off', match_number: false, sign_in: false })).toEqual({})
})

test('digits survive how codes are copied', () => {
  expect(digitsOf(' 482-913\n', 12)).toBe('482913')
  expect(digitsOf('1234567890123', 12)).toBe('123456789012')
})
