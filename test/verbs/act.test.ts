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

const actions = [
  { key: 'go', value: 'gone' },
  { key: 'stay', value: 'stayed' },
  { key: '-', value: '' },
]

describe('a decision', () => {
  test.each(actions)(
    'sets the value of the pressed action $key, once, and tells who, when, what and why',
    async ({ key, value }) => {
      const { act, approval_id, read } = await open({ key_path: `decided/${key}`, actions, comment: 'optional' })
      await expect(act({ action: key, comment: '  because \n' })).resolves.toEqual({ status: 'executed', action: key })
      expect(await codeOf(act({ action: key }))).toBe('APPROVAL_USED')
      expect(await caller.values.get({ key_path: `decided/${key}` })).toMatchObject({
        value,
        version: 1,
        updated_by: { type: 'visitor' },
      })
      expect((await caller.values.history({ key_path: `decided/${key}` })).items).toMatchObject([
        { version: 1, approval_id },
      ])
      const { decision, status, ended_at } = await read()
      expect(status).toBe('executed')
      expect(decision).toMatchObject({
        action: key,
        value,
        comment: 'because',
        decided_by: { type: 'visitor' },
        decided_at: ended_at,
      })
      expect(decision?.evidence).toMatchObject({ ip: '127.0.0.1', user_agent: 'test' })
      expect(decision?.evidence.dwell_ms).toBeGreaterThanOrEqual(0)
      expect(await eventsOf(world.db.sql, approval_id)).toEqual(['approval.created', 'approval.executed'])
    },
  )
  test('with an unknown action is refused in seed 0’s words and leaves the approval pending', async () => {
    const { act, read } = await open({ actions })
    for (const action of ['approve', '', 'GO', 'go ', 'toString', '__proto__', 'g'.repeat(200)])
      await expect(act({ action })).rejects.toThrow('invalid action key')
    expect(await codeOf(act({ action: 'go\0' }))).toBe('INVALID_INPUT')
    expect(await codeOf(act({ action: '\ud800' }))).toBe('INVALID_INPUT')
    expect((await read()).status).toBe('pending')
  })
  test('that names another text than the stored one is a conflict', async () => {
    const { act, read } = await open()
    expect(await codeOf(act({ action_hash: '0'.repeat(64) }))).toBe('ACTION_CHANGED')
    expect((await read()).status).toBe('pending')
  })
  test('on an approval whose stored text was changed behind the page is a conflict', async () => {
    const { act, approval_id } = await open()
    await world.db.sql`update approvals set action_hash = ${'f'.repeat(64)} where id = ${approval_id}`
    expect(await codeOf(act())).toBe('ACTION_CHANGED')
  })
  test('on an ended approval is refused with how it ended', async () => {
    const invalidated = await open()
    await caller.approvals.invalidate({ approval_id: invalidated.approval_id })
    expect(await codeOf(invalidated.act())).toBe('APPROVAL_INVALIDATED')
    const expired = await open()
    await world.db.sql`update approvals set expires_at = now() where id = ${expired.approval_id}`
    expect(await codeOf(expired.act())).toBe('APPROVAL_EXPIRED')
    expect(await codeOf(expired.act({ pin: '1234' }))).toBe('APPROVAL_EXPIRED')
    const unknown = await open()
    await world.db.sql`delete from approvals where id = ${unknown.approval_id}`
    expect(await codeOf(unknown.act())).toBe('NOT_FOUND')
  })
})
