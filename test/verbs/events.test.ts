import { expect, test } from 'vitest'
import { as, asVisitor } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()

test('what is told of a whole life holds no value, comment, text, payload, PIN, number, link, visit or key', async () => {
  const { actor, key } = await makeAsker(world)
  const caller = as(world, actor)
  const canary = (name: string) => `CANARY-${name}`
  await caller.values.put({ key_path: 'told', value: canary('put') })
  await caller.values.delete({ key_path: 'told' })
  const visit = 'c'.repeat(32)
  const made = await makeApproval(world, actor, {
    ...{
      value: canary('value'),
      initial_value: canary('initial'),
      info: canary('info'),
      payload: { a: canary('payload') },
    },
    ...{ pin: '471100812', match_number: true, ref_id: 'build-812' },
  })
  const visitor = asVisitor(world, visit)
  const { csrf_token, action_hash } = await visitor.approvals.open({ token: made.token })
  const decision = { token: made.token, action: 'approve', csrf_token, action_hash, comment: canary('comment') }
  const match_number = made.match_number ?? ''
  expect(await codeOf(visitor.approvals.act({ ...decision, pin: '582211923', match_number }))).toBe('WRONG_PIN')
  expect(await codeOf(visitor.approvals.act({ ...decision, pin: '471100812', match_number }))).toBe('done')
  const rows = await world.db
    .sql`select name, payload, actor, target, request_id, ip, project_id from events where project_id = ${actor.projectId} order by seq`
  const dump = JSON.stringify(rows)
  for (const secret of ['CANARY', '471100812', '582211923', `"${match_number}"`, made.token, visit, csrf_token, key])
    expect(dump).not.toContain(secret)
  expect(rows.map((row) => row.name)).toEqual([
    ...['project.created', 'key.created', 'value.set', 'value.deleted'],
    ...rows.slice(4, 6).map((row) => row.name),
    ...['approval.pin_failed', 'approval.executed'],
  ])
  expect(
    rows
      .slice(4, 6)
      .map((row) => row.name)
      .toSorted(),
  ).toEqual(['approval.created', 'value.set'])
  expect(rows.at(-1)).toMatchObject({
    payload: {
      approval_id: made.approval_id,
      key_path: 'deploy/prod',
      ref_id: 'build-812',
      action: 'approve',
      version: 2,
    },
    ...{ actor: { type: 'visitor' }, target: `approval:${made.approval_id}`, ip: '127.0.0.1', request_id: 'test' },
  })
})
