import fc from 'fast-check'
import { URI } from 'otpauth'
import { describe, expect, test } from 'vitest'
import { type Otpauth, otpauthUri, parseOtpauth } from '../../shared/otpauth.ts'
import { algorithms } from '../../shared/totp.ts'
import { often } from '../thorough.ts'

const secret = 'JBSWY3DPEHPK3PXP'
const usual = { secret, algorithm: 'SHA1', digits: 6, period: 30 }
const faultOf = (uri: string): string => {
  const read = parseOtpauth(uri)
  return 'fault' in read ? read.fault : `taken as ${read.name}`
}

/** One line without outer blanks, as the API keeps it. */
const line = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .map((text) => text.replace(/[\p{Cc}\p{Surrogate}]/gu, '').trim())
const made: fc.Arbitrary<Otpauth> = fc.record({
  name: line.filter((text) => text !== ''),
  issuer: line,
  secret: fc.stringMatching(/^[A-Z2-7]{16}$/),
  algorithm: fc.constantFrom(...algorithms),
  digits: fc.integer({ min: 6, max: 8 }),
  period: fc.integer({ min: 15, max: 120 }),
})

describe('an account as otpauth://', () => {
  test('comes back exactly, whatever its names hold', () => {
    fc.assert(
      fc.property(made, (account) => {
        expect(parseOtpauth(otpauthUri(account))).toEqual(account)
      }),
      { numRuns: often(200, 20_000) },
    )
    for (const [name, issuer] of [
      ['a:b', ''],
      ['b:c', 'a'],
      ['x', 'A: B'],
      ['ana+tag@example.com', 'R&D 100%'],
      ['👩‍💻 Ana', '🐙'],
      ['Acme:x', 'acme'],
    ] as const) {
      const account: Otpauth = { ...usual, algorithm: 'SHA512', name, issuer }
      expect(parseOtpauth(otpauthUri(account))).toEqual(account)
    }
  })
  test('is what another library reads too, and in seed 3’s form', () => {
    const account: Otpauth = { ...usual, algorithm: 'SHA256', name: 'ana', issuer: 'Git & Hub' }
    expect(URI.parse(otpauthUri(account))).toMatchObject({ label: 'ana', issuer: 'Git & Hub', algorithm: 'SHA256' })
    expect(otpauthUri({ ...usual, algorithm: 'SHA1', name: 'GitHub', issuer: 'GitHub' })).toBe(
      `otpauth://totp/GitHub:GitHub?secret=${secret}&issuer=GitHub&algorithm=SHA1&digits=6&period=30`,
    )
  })
})

test.each([
  ['otpauth://totp/GitHub:ana?secret=jbsw y3dp-ehpk 3pxp%3D%3D', 'ana', 'GitHub'],
  ['OTPAUTH://TOTP/GitHub%3A%20ana?SECRET=JBSWY3DPEHPK3PXP', 'ana', 'GitHub'],
  ['otpauth://totp/Old:ana?secret=JBSWY3DPEHPK3PXP&issuer=New', 'ana', 'New'],
  ['otpauth://totp/a%3Ab?secret=JBSWY3DPEHPK3PXP&issuer=New', 'a:b', 'New'],
  ['otpauth://totp/?secret=JBSWY3DPEHPK3PXP&issuer=GitHub', 'GitHub', 'GitHub'],
  ['otpauth://totp?secret=JBSWY3DPEHPK3PXP', 'Account', ''],
  ['otpauth://totp/100%?secret=JBSWY3DPEHPK3PXP&digits=&period=', '100%', ''],
  ['otpauth://totp/a+b@c.de?secret=JBSWY3DPEHPK3PXP&issuer=A+B&image=https%3A%2F%2Fx', 'a+b@c.de', 'A B'],
  ['  otpauth://totp/two%0Alines?secret=JBSWY3DPEHPK3PXP&algorithm=hmacsha1 \n', 'two lines', ''],
])('%s is read', (uri, name, issuer) => {
  expect(parseOtpauth(uri)).toEqual({ ...usual, name, issuer })
})

test.each([
  ['otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP&counter=1', 'counter (HOTP); only time-based codes'],
  ['otpauth://steam/x?secret=JBSWY3DPEHPK3PXP', 'Steam Guard'],
  ['otpauth://totp/Steam:x?secret=JBSWY3DPEHPK3PXP&issuer=Steam&encoder=steam', '6 to 8 digits work here'],
  ['otpauth://yaotp/x?secret=JBSWY3DPEHPK3PXP', 'another kind'],
  ['otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&algorithm=MD5', 'none of SHA1, SHA256, SHA512'],
  ['otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=5', '6 to 8 digits'],
  ['otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=1e1', '6 to 8 digits'],
  ['otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&period=0', '15 to 120 seconds'],
  ['otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&period=-30', '15 to 120 seconds'],
  ['otpauth://totp/x', 'Its secret: Must be there.'],
  ['otpauth://totp/x?secret=', 'Its secret: Must not be empty.'],
  ['otpauth://totp/x?secret=JBSWY3DPEHPK3PX0', 'no 0: it may be the letter O'],
  ['otpauth://totp/x?secret=JBSWY3DP', 'at least 10 bytes'],
  [`otpauth://totp/${'x'.repeat(201)}?secret=JBSWY3DPEHPK3PXP`, 'Its name: Must be at most 200 bytes'],
  ['https://example.com/?secret=JBSWY3DPEHPK3PXP', 'Is no otpauth:// address'],
  ['', 'Is no otpauth:// address'],
])('%s is refused with a sentence', (uri, words) => {
  expect(faultOf(uri)).toContain(words)
  expect(faultOf(uri)).not.toContain('JBSWY3DP')
})

test('no text at all is met with anything but an account or a sentence', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: 'binary' }), (head, tail) => {
      const read = parseOtpauth(`otpauth://totp/${head}?${tail}`)
      expect('fault' in read ? read.fault : read.name).not.toBe('')
    }),
    { numRuns: often(100, 20_000) },
  )
})
