import { describe, expect, test } from 'vitest'
import { as, asVisitor } from '../as.ts'
import { makeAsker } from '../make.ts'
import { opened } from '../opened.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { actor } = await makeAsker(world)
const open = (wish: Parameters<typeof opened>[2] = {}) => opened(world, actor, wish)

describe('a CSRF token', () => {
  test('decides only for the visit and the link it was made for', async () => {
    const [one, two] = [await open(), await open()]
    const { action_hash } = await one.read()
    const stranger = asVisitor(world)
    const { csrf_token: theirs } = await stranger.approvals.open({ token: one.token })
    const act = (visitor: ReturnType<typeof asVisitor>, csrf_token: string) =>
      codeOf(visitor.approvals.act({ token: one.token, action: 'approve', csrf_token, action_hash }))
    const report = (visitor: ReturnType<typeof asVisitor>, csrf_token: string) =>
      codeOf(visitor.approvals.report({ token: one.token, csrf_token }))
    const flipped = one.csrf_token.slice(0, -1) + (one.csrf_token.endsWith('A') ? 'B' : 'A')
    const [loaded, signature] = one.csrf_token.split('.')
    const older = `${(Number.parseInt(loaded ?? '', 36) - 1).toString(36)}.${signature}`
    for (const token of ['', '.', two.csrf_token, theirs, flipped, older, `${one.csrf_token}x`, 'x'.repeat(200)])
      for (const send of [act, report]) expect(await send(one.visitor, token), token).toBe('CSRF_FAILED')
    expect(await act(as(world, { type: 'visitor' }) as never, one.csrf_token)).toBe('CSRF_FAILED')
    expect(await act(stranger, one.csrf_token)).toBe('CSRF_FAILED')
    expect((await one.read()).status).toBe('pending')
    expect(await act(one.visitor, one.csrf_token)).toBe('done')
  })
})
