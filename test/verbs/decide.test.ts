import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeApproval, makeAsker, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'
import { eventsOf } from '../told.ts'

const world = await testWorld()
const { project, actor } = await makeAsker(world)
const mia = await makePerson(world, project, 'MEMBER', { name: 'Mia' })
const caller = as(world, mia.actor)

describe('deciding from the dashboard', () => {
  test('sets the value, once, and records the person', async () => {
    const { approval_id, action_hash } = await makeApproval(world, actor, { key_path: 'by/id' })
    const decision = { approval_id, action: 'approve', action_hash, comment: 'ok' }
    expect(await caller.approvals.decide(decision)).toEqual({ status: 'executed', action: 'approve' })
    expect(await codeOf(caller.approvals.decide(decision))).toBe('APPROVAL_USED')
    expect(await as(world, actor).values.get({ key_path: 'by/id' })).toMatchObject({
      value: 'approved',
      version: 1,
      updated_by: { type: 'person', id: mia.id },
    })
    expect((await caller.approvals.get({ approval_id })).decision).toMatchObject({
      comment: 'ok',
      decided_by: { type: 'person', name: 'Mia' },
      evidence: { dwell_ms: null },
    })
    expect(await eventsOf(world.db.sql, approval_id)).toEqual(['approval.created', 'approval.executed'])
  })
  test('asks for PIN and number like the link does, and locks at the fifth wrong guess', async () => {
    const made = await makeApproval(world, actor, { pin: '4829', match_number: true })
    const decide = (more: object) =>
      codeOf(
        caller.approvals.decide({
          ...{ approval_id: made.approval_id, action: 'approve', action_hash: made.action_hash },
          ...more,
        }),
      )
    expect(await decide({})).toBe('PIN_REQUIRED')
    expect(await decide({ pin: '4829' })).toBe('MATCH_NUMBER_REQUIRED')
    for (let guess = 0; guess < 4; guess++)
      expect(await decide({ pin: '0000', match_number: made.match_number })).toBe('WRONG_PIN')
    expect(await decide({ pin: '0000', match_number: made.match_number })).toBe('LOCKED')
    expect(await decide({ pin: '4829', match_number: made.match_number })).toBe('LOCKED')
  })
  test('refuses an unknown action, another text, another project’s approval and what has ended', async () => {
    const { approval_id, action_hash } = await makeApproval(world, actor)
    const decide = (more: object = {}) =>
      codeOf(caller.approvals.decide({ approval_id, action: 'approve', action_hash, ...more }))
    expect(await decide({ action: 'reject' })).toBe('INVALID_ACTION_KEY')
    expect(await decide({ action_hash: '0'.repeat(64) })).toBe('ACTION_CHANGED')
    const other = await makePerson(world, await makeProject(world), 'OWNER')
    const theirs = as(world, other.actor)
    expect(await codeOf(theirs.approvals.decide({ approval_id, action: 'approve', action_hash }))).toBe('NOT_FOUND')
    await caller.approvals.invalidate({ approval_id })
    expect(await decide()).toBe('APPROVAL_INVALIDATED')
  })
})

describe('invalidating many', () => {
  test('ends each that is pending with an event of its own, and says which could not be', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => makeApproval(world, actor)))
    const [used, before, ...open] = made.map((one) => one.approval_id)
    const { action_hash } = made[0] ?? { action_hash: '' }
    await caller.approvals.decide({ approval_id: used ?? '', action: 'approve', action_hash })
    await caller.approvals.invalidate({ approval_id: before ?? '' })
    const foreign = await makeAsker(world)
    const theirs = await makeApproval(world, foreign.actor)
    const ids = [used ?? '', before ?? '', ...open, ...open, theirs.approval_id]
    expect(await caller.approvals.invalidateMany({ approval_ids: ids })).toEqual({
      invalidated: [before, ...open],
      refused: [used, theirs.approval_id],
    })
    for (const id of open)
      expect(await eventsOf(world.db.sql, id)).toEqual(['approval.created', 'approval.invalidated'])
    expect(await eventsOf(world.db.sql, before ?? '')).toEqual(['approval.created', 'approval.invalidated'])
    expect((await as(world, foreign.actor).approvals.get({ approval_id: theirs.approval_id })).status).toBe('pending')
    expect((await caller.approvals.get({ approval_id: open[0] ?? '' })).ended_by).toMatchObject({ name: 'Mia' })
  })
})
