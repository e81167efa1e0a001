import { expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeApproval, makeAsker, makeProject } from '../make.ts'
import { opened } from '../opened.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { project, actor } = await makeAsker(world)
const admin = await makePerson(world, project, 'ADMIN')
const viewer = await makePerson(world, project, 'VIEWER')

test('a timeline tells what happened to one approval, oldest first, in the words of the audit log', async () => {
  const { act, approval_id } = await opened(world, actor, { pin: '4829' })
  await codeOf(act({ pin: '0000' }))
  await act({ pin: '4829' })
  await makeApproval(world, actor)
  const seen = await as(world, admin.actor).approvals.timeline({ approval_id })
  expect(seen.map((one) => one.action)).toEqual(['approval.created', 'approval.pin_failed', 'approval.executed'])
  expect(seen[2]).toMatchObject({
    actor: { type: 'visitor' },
    target: `approval:${approval_id}`,
    context: { approval_id, action: 'approve' },
    ip: '127.0.0.1',
    user_agent: 'test',
  })
})

test('a viewer is told who did what, not from where', async () => {
  const { approval_id } = await makeApproval(world, actor)
  const [seen] = await as(world, viewer.actor).approvals.timeline({ approval_id })
  expect(seen).toMatchObject({ action: 'approval.created', ip: null, user_agent: null, request_id: null })
})

test('another project’s approval has no timeline here', async () => {
  const { approval_id } = await makeApproval(world, actor)
  const other = await makePerson(world, await makeProject(world), 'OWNER')
  expect(await codeOf(as(world, other.actor).approvals.timeline({ approval_id }))).toBe('NOT_FOUND')
})
