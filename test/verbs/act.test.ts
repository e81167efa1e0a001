import { describe, expect, test } from 'vitest'
import { as, asVisitor } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'
import { eventsOf } from '../told.ts'

const world = await testWorld()
const { actor } = await makeAsker(world)
const caller = as(world, actor)

type Decision = { action?: string; pin?: string; comment?: string; match_number?: string; action_hash?: string }

/** An approval with its page open in a browser, and a way to press a button of it. */
async function opened(wish: Parameters<typeof makeApproval>[2] = {}) {
  const made = await makeApproval(world, actor, wish)
  const visitor = asVisitor(world)
  const { csrf_token, action_hash } = await visitor.approvals.open({ token: made.token })
  const act = (decision: Decision = {}) =>
    visitor.approvals.act({ token: made.token, action: 'approve', csrf_token, action_hash, ...decision })
  return { ...made, act, visitor, csrf_token, read: () => caller.approvals.get({ approval_id: made.approval_id }) }
}

const actions = [
  { key: 'go', value: 'gone' },
  { key: 'stay', value: 'stayed' },
  { key: '-', value: '' },
]

describe('a decision', () => {
  test.each(actions)(
    'sets the value of the pressed action $key, once, and tells who, when, what and why',
    async ({ key, value }) => {
      const { act, approval_id, read } = await opened({ key_path: `decided/${key}`, actions, comment: 'optional' })
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
    const { act, read } = await opened({ actions })
    for (const action of ['approve', '', 'GO', 'go ', 'toString', '__proto__', 'g'.repeat(200)])
      await expect(act({ action })).rejects.toThrow('invalid action key')
    expect(await codeOf(act({ action: 'go\0' }))).toBe('INVALID_INPUT')
    expect(await codeOf(act({ action: '\ud800' }))).toBe('INVALID_INPUT')
    expect((await read()).status).toBe('pending')
  })
  test('that names another text than the stored one is a conflict', async () => {
    const { act, read } = await opened()
    expect(await codeOf(act({ action_hash: '0'.repeat(64) }))).toBe('ACTION_CHANGED')
    expect((await read()).status).toBe('pending')
  })
  test('on an approval whose stored text was changed behind the page is a conflict', async () => {
    const { act, approval_id } = await opened()
    await world.db.sql`update approvals set action_hash = ${'f'.repeat(64)} where id = ${approval_id}`
    expect(await codeOf(act())).toBe('ACTION_CHANGED')
  })
  test('on an ended approval is refused with how it ended', async () => {
    const invalidated = await opened()
    await caller.approvals.invalidate({ approval_id: invalidated.approval_id })
    expect(await codeOf(invalidated.act())).toBe('APPROVAL_INVALIDATED')
    const expired = await opened()
    await world.db.sql`update approvals set expires_at = now() where id = ${expired.approval_id}`
    expect(await codeOf(expired.act())).toBe('APPROVAL_EXPIRED')
    expect(await codeOf(expired.act({ pin: '1234' }))).toBe('APPROVAL_EXPIRED')
    const unknown = await opened()
    await world.db.sql`delete from approvals where id = ${unknown.approval_id}`
    expect(await codeOf(unknown.act())).toBe('NOT_FOUND')
  })
})

describe('a comment', () => {
  test('that is required must say something', async () => {
    const { act, read } = await opened({ comment: 'required' })
    for (const comment of [undefined, '', ' \n\t']) expect(await codeOf(act({ comment }))).toBe('COMMENT_REQUIRED')
    expect(await codeOf(act({ comment: 'c'.repeat(2001) }))).toBe('INVALID_INPUT')
    expect(await codeOf(act({ comment: 'c'.repeat(2000) }))).toBe('done')
    expect((await read()).decision?.comment).toBe('c'.repeat(2000))
  })
  test('that is off is refused, not dropped', async () => {
    const { act } = await opened({ comment: 'off' })
    for (const comment of ['x', '']) expect(await codeOf(act({ comment }))).toBe('COMMENT_OFF')
    expect(await codeOf(act())).toBe('done')
  })
  test('that is optional may be left out', async () => {
    const { act, read } = await opened()
    await act({ comment: ' ' })
    expect((await read()).decision?.comment).toBeNull()
  })
})

describe('a PIN', () => {
  test('is asked for without spending an attempt', async () => {
    const { act, read } = await opened({ pin: '0471' })
    for (let i = 0; i < 7; i++) expect(await codeOf(act())).toBe('PIN_REQUIRED')
    expect(await codeOf(act({ pin: '0471', action: 'else' }))).toBe('INVALID_ACTION_KEY')
    expect(await codeOf(act({ pin: '0471', action_hash: '0'.repeat(64) }))).toBe('ACTION_CHANGED')
    expect((await read()).attempts_left).toBe(5)
    expect(await codeOf(act({ pin: '0471' }))).toBe('done')
  })
  test('five times wrong locks for good, the right one is refused then, and each failure is told', async () => {
    const { act, read, approval_id } = await opened({ pin: '0471' })
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
    const { act } = await opened({ pin: '0471' })
    for (let i = 0; i < 4; i++) await codeOf(act({ pin: '9999' }))
    expect(await codeOf(act({ pin: '0471' }))).toBe('done')
  })
  test('given where none is asked for is ignored', async () => {
    const { act } = await opened()
    expect(await codeOf(act({ pin: '0471', match_number: '123' }))).toBe('done')
  })
  test('of the wrong shape is refused as a field and spends nothing', async () => {
    const { act, read } = await opened({ pin: '0471' })
    for (const pin of ['', '123', '0471 ', 'abcd', '1'.repeat(13)])
      expect(await codeOf(act({ pin }))).toBe('INVALID_INPUT')
    expect((await read()).attempts_left).toBe(5)
  })
})

describe('a match number', () => {
  test('is asked for, checked with the PIN as one attempt, and locks like a PIN', async () => {
    const both = await opened({ pin: '0471', match_number: true })
    const number = both.match_number ?? ''
    const wrong = String((Number(number) + 1) % 1000).padStart(3, '0')
    expect(await codeOf(both.act({ pin: '0471' }))).toBe('MATCH_NUMBER_REQUIRED')
    expect(await codeOf(both.act({ match_number: number }))).toBe('PIN_REQUIRED')
    expect((await both.read()).attempts_left).toBe(5)
    expect(await codeOf(both.act({ pin: '0471', match_number: wrong }))).toBe('WRONG_MATCH_NUMBER')
    expect(await codeOf(both.act({ pin: '9999', match_number: wrong }))).toBe('WRONG_PIN')
    expect((await both.read()).attempts_left).toBe(3)
    expect(await codeOf(both.act({ pin: '0471', match_number: number }))).toBe('done')

    const { act, match_number = '' } = await opened({ match_number: true })
    expect(await codeOf(act())).toBe('MATCH_NUMBER_REQUIRED')
    const other = String((Number(match_number) + 7) % 1000).padStart(3, '0')
    for (let i = 0; i < 4; i++) expect(await codeOf(act({ match_number: other }))).toBe('WRONG_MATCH_NUMBER')
    expect(await codeOf(act({ match_number: other }))).toBe('LOCKED')
    expect(await codeOf(act({ match_number }))).toBe('LOCKED')
  })
})

describe('a report', () => {
  test('ends the approval as not expected, once, and a second one changes nothing', async () => {
    const { token, csrf_token, visitor, approval_id, read, act } = await opened()
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
    const used = await opened()
    await used.act()
    expect(await codeOf(used.visitor.approvals.report(used))).toBe('INVALID_INPUT')
    const report = ({ token, csrf_token, visitor }: typeof used) =>
      codeOf(visitor.approvals.report({ token, csrf_token }))
    expect(await report(used)).toBe('APPROVAL_USED')
    const withdrawn = await opened()
    await caller.approvals.invalidate({ approval_id: withdrawn.approval_id })
    expect(await report(withdrawn)).toBe('APPROVAL_INVALIDATED')
  })
})

describe('a CSRF token', () => {
  test('decides only for the visit and the link it was made for', async () => {
    const [one, two] = [await opened(), await opened()]
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
