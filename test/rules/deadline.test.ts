import { describe, expect, test } from 'vitest'
import { DatabaseAway, isDatabaseAway, withDeadline } from '../../server/lib/deadline.ts'

const never = new Promise<never>(() => {})
const failed = (code: string, more = {}) => Object.assign(new Error('x'), { code, ...more })

describe('withDeadline', () => {
  test('answers what the work answers, and fails as it fails', async () => {
    expect(await withDeadline(1000, async () => 7)).toBe(7)
    await expect(withDeadline(1000, () => Promise.reject(failed('23505')))).rejects.toMatchObject({ code: '23505' })
  })
  test('rejects with DatabaseAway when the work does not end, and tells the work', async () => {
    let signal: AbortSignal | undefined
    const late = withDeadline(10, (given) => {
      signal = given
      return never
    })
    await expect(late).rejects.toBeInstanceOf(DatabaseAway)
    expect(signal?.aborted).toBe(true)
  })
  test('does not abort work that ended in time', async () => {
    const signal = await withDeadline(5, async (given) => given)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(signal.aborted).toBe(false)
  })
})

describe('isDatabaseAway', () => {
  test.each([
    'CONNECTION_CLOSED',
    'ECONNREFUSED',
    'ANSWER_TIMEOUT',
    '57P01',
    '57P03',
    '53300',
    '40001',
    '57014',
    '08006',
  ])('takes %s', (code) => {
    expect(isDatabaseAway(failed(code))).toBe(true)
    expect(isDatabaseAway(new Error('Failed query', { cause: failed(code) }))).toBe(true)
  })
  test.each(['23505', '22P02', '42501', '42P01', 'ENOENT'])('leaves %s', (code) => {
    expect(isDatabaseAway(failed(code))).toBe(false)
  })
  test('takes a missing socket, but not a missing file', () => {
    expect(isDatabaseAway(failed('ENOENT', { syscall: 'connect' }))).toBe(true)
    expect(isDatabaseAway(failed('ENOENT', { syscall: 'open' }))).toBe(false)
  })
  test.each([null, undefined, 'CONNECTION_CLOSED', { code: '57P01' }])('leaves %s, which is no error', (thing) => {
    expect(isDatabaseAway(thing)).toBe(false)
  })
})
