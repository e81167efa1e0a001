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

describe('a report', () => {
  test('ends the approval as not expected, once, and a second one changes nothing', async () => {
    const { token, csrf_token, visitor, approval_id, read, act } = await open()
    await visitor.approvals.report({ token, csrf_token })
    const first = await read()
    expect(first).toMatchObject({
      status: 'invalidated',
      reported: true,
      decision: null,
      ended_by: { type: 'visitor' },
    })
    await visitor.approvals.report({ token, csrf_token })
    expect(await read()).toEqual(first)
    expect(await eventsOf(world.db.sql, approval_id)).toEqual(['approval.created', 'approval.reported'])
    expect(await codeOf(act())).toBe('APPROVAL_INVALIDATED')
  })
  test('is refused once the approval has ended otherwise', async () => {
    const used = await open()
    await used.act()
    expect(await codeOf(used.visitor.approvals.report(used))).toBe('INVALID_INPUT')
    const report = ({ token, csrf_token, visitor }: Awaited<ReturnType<typeof open>>) =>
      codeOf(visitor.approvals.report({ token, csrf_token }))
    expect(await report(used)).toBe('APPROVAL_USED')
    const withdrawn = await open()
    await caller.approvals.invalidate({ approval_id: withdrawn.approval_id })
    expect(await report(withdrawn)).toBe('APPROVAL_INVALIDATED')
  })
})
