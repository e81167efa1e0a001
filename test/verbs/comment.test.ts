import { describe, expect, test } from 'vitest'
import { makeAsker } from '../make.ts'
import { opened } from '../opened.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { actor } = await makeAsker(world)
const open = (wish: Parameters<typeof opened>[2] = {}) => opened(world, actor, wish)

describe('a comment', () => {
  test('that is required must say something', async () => {
    const { act, read } = await open({ comment: 'required' })
    for (const comment of [undefined, '', ' \n\t']) expect(await codeOf(act({ comment }))).toBe('COMMENT_REQUIRED')
    expect(await codeOf(act({ comment: 'c'.repeat(2001) }))).toBe('INVALID_INPUT')
    expect(await codeOf(act({ comment: 'c'.repeat(2000) }))).toBe('done')
    expect((await read()).decision?.comment).toBe('c'.repeat(2000))
  })
  test('that is off is refused, not dropped', async () => {
    const { act } = await open({ comment: 'off' })
    for (const comment of ['x', '']) expect(await codeOf(act({ comment }))).toBe('COMMENT_OFF')
    expect(await codeOf(act())).toBe('done')
  })
  test('that is optional may be left out', async () => {
    const { act, read } = await open()
    await act({ comment: ' ' })
    expect((await read()).decision?.comment).toBeNull()
  })
})
