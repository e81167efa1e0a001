import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeAsker } from '../make.ts'
import { opened } from '../opened.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'
import { eventsOf } from '../told.ts'

const world = await testWorld()
const { actor } = await makeAsker(world)
const caller = as(world, actor)
const open = (wish: Parameters<typeof opened>[2] = {}) => opened(world, actor, wish)

describe('a PIN', () => {
  test('is asked for without spending an attempt', async () => {
    const { act, read } = await open({ pin: '0471' })
    for (let i = 0; i < 7; i++) expect(await codeOf(act())).toBe('PIN_REQUIRED')
    expect(await codeOf(act({ pin: '0471', action: 'else' }))).toBe('INVALID_ACTION_KEY')
    expect(await codeOf(act({ pin: '0471', action_hash: '0'.repeat(64) }))).toBe('ACTION_CHANGED')
    expect((await read()).attempts_left).toBe(5)
    expect(await codeOf(act({ pin: '0471' }))).toBe('done')
  })
  test('five times wrong locks for good, the right one is refused then, and each failure is told', async () => {
    const { act, read, approval_id } = await open({ pin: '0471' })
    for (const left of [4, 3, 2, 1])
      await expect(act({ pin: `471${left}` })).rejects.toMatchObject({
        cause: { code: 'WRONG_PIN', details: { attempts_left: left } },
      })
    expect((await read()).status).toBe('pending')
    for (const pin of ['9999', '0471', '9999']) expect(await codeOf(act({ pin }))).toBe('LOCKED')
    expect(await codeOf(act())).toBe('LOCKED')
    expect(await read()).toMatchObject({ status: 'locked', attempts_left: 0, decision: null })
    const told = (await eventsOf(world.db.sql, approval_id)).toSorted()
    expect(told).toEqual(['approval.created', 'approval.locked', ...Array(5).fill('approval.pin_failed')])
    expect(await codeOf(caller.values.get({ key_path: 'never/set' }))).toBe('NOT_FOUND')
  })
  test('that is right at the fifth attempt decides', async () => {
    const { act } = await open({ pin: '0471' })
    for (let i = 0; i < 4; i++) await codeOf(act({ pin: '9999' }))
    expect(await codeOf(act({ pin: '0471' }))).toBe('done')
  })
  test('given where none is asked for is ignored', async () => {
    const { act } = await open()
    expect(await codeOf(act({ pin: '0471', match_number: '123' }))).toBe('done')
  })
  test('of the wrong shape is refused as a field and spends nothing', async () => {
    const { act, read } = await open({ pin: '0471' })
    for (const pin of ['', '123', '0471 ', 'abcd', '1'.repeat(13)])
      expect(await codeOf(act({ pin }))).toBe('INVALID_INPUT')
    expect((await read()).attempts_left).toBe(5)
  })
})

describe('a match number', () => {
  test('is asked for, checked with the PIN as one attempt, and locks like a PIN', async () => {
    const both = await open({ pin: '0471', match_number: true })
    const number = both.match_number ?? ''
    const wrong = String((Number(number) + 1) % 1000).padStart(3, '0')
    expect(await codeOf(both.act({ pin: '0471' }))).toBe('MATCH_NUMBER_REQUIRED')
    expect(await codeOf(both.act({ match_number: number }))).toBe('PIN_REQUIRED')
    expect((await both.read()).attempts_left).toBe(5)
    expect(await codeOf(both.act({ pin: '0471', match_number: wrong }))).toBe('WRONG_MATCH_NUMBER')
    expect(await codeOf(both.act({ pin: '9999', match_number: wrong }))).toBe('WRONG_PIN')
    expect((await both.read()).attempts_left).toBe(3)
    expect(await codeOf(both.act({ pin: '0471', match_number: number }))).toBe('done')

    const { act, match_number = '' } = await open({ match_number: true })
    expect(await codeOf(act())).toBe('MATCH_NUMBER_REQUIRED')
    const other = String((Number(match_number) + 7) % 1000).padStart(3, '0')
    for (let i = 0; i < 4; i++) expect(await codeOf(act({ match_number: other }))).toBe('WRONG_MATCH_NUMBER')
    expect(await codeOf(act({ match_number: other }))).toBe('LOCKED')
    expect(await codeOf(act({ match_number }))).toBe('LOCKED')
  })
})
