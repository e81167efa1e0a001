import { expect, test } from 'vitest'
import { as, asVisitor } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'
import { eventsOf } from '../told.ts'

const world = await testWorld()
const { actor, project } = await makeAsker(world)

async function decided(reading: ReturnType<typeof asVisitor>, token: string, comment?: string) {
  const { csrf_token, action_hash } = await reading.approvals.open({ token })
  await reading.approvals.act({ token, action: 'approve', csrf_token, action_hash, comment })
}

test('a pending approval shows what is asked, by whom, until when, and never the values or the id', async () => {
  const made = await makeApproval(world, actor, { info: 'Ship it', ref_id: 'r1', payload: { a: 1 }, pin: '1234' })
  const shown = await asVisitor(world).approvals.open({ token: made.token })
  expect(shown).toMatchObject({
    ...{ status: 'pending', project: project.name, key_path: 'deploy/prod', info: 'Ship it', ref_id: 'r1' },
    ...{ payload: { a: 1 }, actions: [{ key: 'approve', label: 'Approve', style: 'primary' }], attempts_left: 5 },
    ...{ requested_by: { name: actor.name, type: 'key' }, expires_at: made.expires_at, action_hash: made.action_hash },
    needs: { pin: true, comment: 'optional', match_number: false, sign_in: false },
  })
  expect(shown.outcome).toBeUndefined()
  expect(JSON.stringify(shown)).not.toContain('approved')
  expect(JSON.stringify(shown)).not.toContain(made.approval_id)
  expect(JSON.stringify(shown)).not.toContain(actor.id)
  expect(Math.abs(Date.parse(shown.server_time) - Date.now())).toBeLessThan(60_000)
})

test('a decided approval tells the outcome to everybody, and "by you" to the browser that decided', async () => {
  const { token } = await makeApproval(world, actor)
  const [mine, theirs] = [asVisitor(world), asVisitor(world)]
  await decided(mine, token, ' fine ')
  const outcome = { action: { key: 'approve', label: 'Approve', style: 'primary' }, comment: 'fine', reported: false }
  expect(await mine.approvals.open({ token })).toMatchObject({
    status: 'executed',
    outcome: { ...outcome, by_you: true },
  })
  expect(await theirs.approvals.open({ token })).toMatchObject({
    status: 'executed',
    outcome: { ...outcome, by_you: false },
  })
})

test('each other end is told as what it is, with no action', async () => {
  const make = async () => (await makeApproval(world, actor)).token
  const ended = { action: null, comment: null, by_you: false }
  const visitor = asVisitor(world)
  const reported = await make()
  const { csrf_token } = await visitor.approvals.open({ token: reported })
  await visitor.approvals.report({ token: reported, csrf_token })
  expect(await visitor.approvals.open({ token: reported })).toMatchObject({
    ...{ status: 'invalidated', outcome: { ...ended, reported: true } },
  })
  const withdrawn = await makeApproval(world, actor)
  await as(world, actor).approvals.invalidate({ approval_id: withdrawn.approval_id })
  expect(await visitor.approvals.open({ token: withdrawn.token })).toMatchObject({
    ...{ status: 'invalidated', outcome: { ...ended, reported: false } },
  })
  const late = await makeApproval(world, actor)
  await world.db.sql`update approvals set expires_at = now() - interval '1 ms' where id = ${late.approval_id}`
  expect(await visitor.approvals.open({ token: late.token })).toMatchObject({ status: 'expired', outcome: ended })
  const locked = await makeApproval(world, actor, { pin: '0000' })
  const open = await visitor.approvals.open({ token: locked.token })
  const codes = []
  for (let i = 0; i < 5; i++)
    codes.push(
      await codeOf(
        visitor.approvals.act({
          ...{ token: locked.token, csrf_token: open.csrf_token, action_hash: open.action_hash },
          ...{ action: 'approve', pin: '9999' },
        }),
      ),
    )
  expect(codes).toEqual([...Array(4).fill('WRONG_PIN'), 'LOCKED'])
  expect(await visitor.approvals.open({ token: locked.token })).toMatchObject({
    ...{ status: 'locked', attempts_left: 0, outcome: ended },
  })
})

test('reading a link changes nothing however often, and works in either case of letters', async () => {
  const { token, approval_id } = await makeApproval(world, actor)
  const rows = () => world.db.sql`select * from approvals where id = ${approval_id}`
  const before = await rows()
  for (let i = 0; i < 25; i++) await asVisitor(world).approvals.open({ token: i % 2 ? token : token.toLowerCase() })
  expect(await rows()).toEqual(before)
  expect(await eventsOf(world.db.sql, approval_id)).toEqual(['approval.created'])
})

test('a link that opens nothing is not found, and an id is no link', async () => {
  const { token, approval_id } = await makeApproval(world, actor)
  const other = (token[0] === 'A' ? 'B' : 'A') + token.slice(1)
  for (const wrong of [other, approval_id])
    expect(await codeOf(asVisitor(world).approvals.open({ token: wrong }))).toBe('NOT_FOUND')
  for (const wrong of ['', token.slice(1), `${token}A`, `U${token.slice(1)}`])
    expect(await codeOf(asVisitor(world).approvals.open({ token: wrong }))).toBe('INVALID_INPUT')
})
