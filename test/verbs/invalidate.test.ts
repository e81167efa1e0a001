import { expect, test } from 'vitest'
import { as, asVisitor } from '../as.ts'
import { makeApproval, makeAsker, makeKey } from '../make.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'
import { eventsOf } from '../told.ts'

const world = await testWorld()
const { actor, project } = await makeAsker(world)
const caller = as(world, actor)
const expire = (id: string) => world.db.sql`update approvals set expires_at = now() where id = ${id}`

test('an approval is invalidated once, and a second time changes and tells nothing', async () => {
  const { approval_id } = await makeApproval(world, actor)
  await caller.approvals.invalidate({ approval_id })
  const first = await caller.approvals.get({ approval_id })
  expect(first).toMatchObject({ status: 'invalidated', reported: false, ended_by: { type: 'key', id: actor.id } })
  await caller.approvals.invalidate({ approval_id })
  expect(await caller.approvals.get({ approval_id })).toEqual(first)
  expect(await eventsOf(world.db.sql, approval_id)).toEqual(['approval.created', 'approval.invalidated'])
})

test('an approval that was used, has expired or is locked cannot be invalidated any more', async () => {
  const used = await makeApproval(world, actor)
  const visitor = asVisitor(world)
  const { csrf_token, action_hash } = await visitor.approvals.open({ token: used.token })
  await visitor.approvals.act({ token: used.token, action: 'approve', csrf_token, action_hash })
  expect(await codeOf(caller.approvals.invalidate(used))).toBe('INVALID_INPUT')
  expect(await codeOf(caller.approvals.invalidate({ approval_id: used.approval_id }))).toBe('APPROVAL_USED')

  const late = await makeApproval(world, actor)
  await expire(late.approval_id)
  expect(await codeOf(caller.approvals.invalidate({ approval_id: late.approval_id }))).toBe('APPROVAL_EXPIRED')

  const locked = await makeApproval(world, actor)
  await world.db
    .sql`update approvals set status = 'locked', attempts = 5, ended_at = now() where id = ${locked.approval_id}`
  expect(await codeOf(caller.approvals.invalidate({ approval_id: locked.approval_id }))).toBe('LOCKED')
})

test('an approval of another project, or outside the paths of the key, is not found', async () => {
  const { approval_id } = await makeApproval(world, actor)
  const other = await makeAsker(world)
  expect(await codeOf(as(world, other.actor).approvals.invalidate({ approval_id }))).toBe('NOT_FOUND')
  const narrow = await makeKey(world, project, 'write', { keyPaths: ['staging'] })
  expect(await codeOf(as(world, narrow.actor).approvals.invalidate({ approval_id }))).toBe('NOT_FOUND')
  const reader = await makeKey(world, project, 'read')
  expect(await codeOf(as(world, reader.actor).approvals.invalidate({ approval_id }))).toBe('INSUFFICIENT_SCOPE')
  expect((await caller.approvals.get({ approval_id })).status).toBe('pending')
})
