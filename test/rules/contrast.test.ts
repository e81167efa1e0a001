import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contrast, isHex, luminance, textOn } from '../../web/parts/contrast.ts'

const colour = fc.integer({ min: 0, max: 0xffffff }).map((each) => `#${each.toString(16).padStart(6, '0')}`)

test('contrast is that of WCAG 2.2 for known pairs', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  expect(contrast('#ff6b6b', '#ffffff')).toBeCloseTo(2.78, 2)
  expect(luminance('#808080')).toBeCloseTo(0.2159, 4)
})

test('every colour gets a text colour of at least 4.5:1', () => {
  fc.assert(
    fc.property(colour, (ground) => contrast(ground, textOn(ground)) >= 4.5),
    { numRuns: 5000 },
  )
})

test('always white text fails the same check, so the check bites', () => {
  expect(() => fc.assert(fc.property(colour, (ground) => contrast(ground, '#ffffff') >= 4.5))).toThrow()
})

test('only six hex digits after a # are a colour of the caller’s own', () => {
  expect(['#a1B2c3', 'primary', '#fff', '#12345g', 'red'].map(isHex)).toEqual([true, false, false, false, false])
})
