import { describe, expect, test } from 'vitest'
import { commonPasswords } from '../../server/people/common-passwords.ts'
import { checkPassword, faultOfPassword, hashPassword, mustBeGoodPassword } from '../../server/people/password.ts'
import { faultyFields } from '../refusals.ts'

const email = 'ana.silva@example.com'
const said = (password: string) => faultOfPassword(password, email)

describe('a password is refused', () => {
  test.each([...commonPasswords].filter((one) => one.length >= 12))('that guessers try first: %s', (password) => {
    for (const text of [password, password.toUpperCase()]) expect(said(text)).toMatch(/words that have nothing/)
  })
  test.each([
    'password1234',
    'Password123!',
    'P@ssw0rd2024!',
    'pa55word!!!!!',
    '1234password',
    'Welcome2024!!',
    'Summer2026!!!',
    'qwertyuiop12',
    'aaaaaaaaaaaa',
    'abababababab',
    'abc123abc123',
    'abcdefghijkl',
    '123456789012',
    '098765432109',
    'zyxwvutsrqpo',
    'lkjhgfdsapoiu',
    'letmein-letmein',
    'welcome.password',
    'dragonmonkey12',
    'iloveyou!!!!!',
    '            ',
    '🔒🔒🔒🔒🔒🔒🔒🔒🔒🔒🔒🔒',
  ])('as padding, repetition or a row of keys: %s', (password) => {
    expect(said(password)).toMatch(/words that have nothing/)
  })
  test.each([
    'ana.silva@example.com',
    'ana.silva123',
    'AnaSilva-ana.silva',
    'silva1234567',
    '123-s1lva-123',
    'ana.silva@exam',
  ])('that is mostly the address: %s', (password) => {
    expect(said(password)).toMatch(/your e-mail address/)
  })
  test.each(['countersign1', 'Countersign!2026', 'c0unters1gn!!'])(
    'that is mostly the service’s name: %s',
    (password) => {
      expect(said(password)).toMatch(/name of this service/)
    },
  )
  test('of fewer than 12 or more than 200 characters, with the field it came in', async () => {
    const refused = (password: string) =>
      faultyFields((async () => mustBeGoodPassword(password, email, 'newPassword'))())
    for (const password of [
      '',
      'x7!kQ2#vB9z',
      `${'violin-harbour-'.repeat(14)}`,
      'violin\u0000harbour-oatmeal',
      'violin-harbour-\ud800',
    ])
      expect(await refused(password)).toEqual(['newPassword'])
    expect(await refused('x7!kQ2#vB9zL')).toEqual([])
    const long = 'correct violin harbour oatmeal '.repeat(7)
    expect(await refused(long.slice(0, 200))).toEqual([])
    expect(await refused(long.slice(0, 201))).toEqual(['newPassword'])
  })
})

test.each([
  'violin-harbour-oatmeal',
  'my cat eats 14 radishes',
  'x7!kQ2#vB9zL',
  'Purple Monday carburettor',
  'password is not the word',
  'silvan forests hum at dusk',
  'длинные слова и silva',
  'ünïcödé früchtekorb',
  'пароль из трёх слов',
  '正しい馬電池ステープル十二文字',
  'countersignature of the mayor',
])('what is long and unlike any list is taken: %s', (password) => {
  expect(said(password)).toBeUndefined()
})

test('is kept as argon2id with 19 MiB, two passes, one lane, a salt of its own, and compared to the letter', async () => {
  const [one, other] = await Promise.all([
    hashPassword('violin-harbour-oatmeal'),
    hashPassword('violin-harbour-oatmeal'),
  ])
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(other).not.toBe(one)
  expect(await checkPassword(one, 'violin-harbour-oatmeal')).toBe(true)
  for (const wrong of ['violin-harbour-oatmeaL', 'violin-harbour-oatmeal ', ''])
    expect(await checkPassword(one, wrong)).toBe(false)
  expect(await checkPassword(await hashPassword('u\u0308ber den Wolken'), 'über den Wolken')).toBe(true)
})
