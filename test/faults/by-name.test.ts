import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db
const owner = ownerOf(world)
const { project, actor } = await makeAsker(world)

let held: { approval_id: string; action_hash: string }
beforeEach(async () => {
  const { approval_id, action_hash } = await makeApproval(world, actor, { link: 'signed_in' })
  held = { approval_id, action_hash }
})

/**
 * Somebody else holds the approval's row; a decision of a person begins and waits for it; the person is disabled; the row
 * is let go. Answers how both ended, and in which order.
 */
async function disabledMeanwhile(personId: string, decide: () => Promise<unknown>) {
  const order: string[] = []
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let taken = () => {}
  const isTaken = new Promise<void>((resolve) => {
    taken = resolve
  })
  const holder = sql.begin(async (tx) => {
    await tx`select id from approvals where id = ${held.approval_id} for update`
    taken()
    await released
  })
  await isTaken
  const decision = decide().finally(() => order.push('decided'))
  await waiting(1)
  const disabling = sql`update memberships set disabled_at = now() where person_id = ${personId}`.then(() =>
    order.push('disabled'),
  )
  await Promise.race([disabling, waiting(2, 200)])
  const before = [...order]
  release()
  const [, code] = await Promise.all([holder, codeOf(decision), disabling])
  return { order, before, code }
}

/** Until so many statements wait for a lock in this database, or it was looked so many times. */
async function waiting(count: number, looks = 1000): Promise<void> {
  for (let look = 0; look < looks; look++) {
    const [row] = await owner<{ n: number }[]>`
      select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    if ((row?.n ?? 0) >= count) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

test('a person cannot be disabled while their decision waits: it counts before, never after', async () => {
  const mia = await makePerson(world, project, 'MEMBER')
  const { before, code } = await disabledMeanwhile(mia.id, () =>
    as(world, mia.actor).approvals.decide({ ...held, action: 'approve' }),
  )
  // Nothing was disabled before the decision could go on, and it counted.
  expect(before).toEqual([])
  expect(code).toBe('done')
})

test('a statement that only looks at the membership decides for somebody who is disabled already (control)', async () => {
  const mia = await makePerson(world, project, 'MEMBER')
  const { order, before } = await disabledMeanwhile(
    mia.id,
    () => sql`
      update approvals set status = 'executed' where id = ${held.approval_id} and status = 'pending'
        and exists (select 1 from memberships where person_id = ${mia.id} and disabled_at is null)`,
  )
  expect(before).toEqual(['disabled'])
  expect(order).toEqual(['disabled', 'decided'])
  const [row] = await sql`select status from approvals where id = ${held.approval_id}`
  expect(row?.status).toBe('executed')
})

test('200 decisions race with a disabling each: none counts that began its statement after it', async () => {
  let [won, lost] = [0, 0]
  for (let round = 0; round < 200; round++) {
    const mia = await makePerson(world, project, 'MEMBER')
    const one = await makeApproval(world, actor, { link: 'signed_in' })
    // The actor stays as it was read before: only the statement can know better.
    const { approval_id, action_hash } = one
    const decide = () => codeOf(as(world, mia.actor).approvals.decide({ approval_id, action_hash, action: 'approve' }))
    const disable = () => sql`update memberships set disabled_at = clock_timestamp() where person_id = ${mia.id}`
    // A decision reads first, so the disabling begins later and later, that each of them is first at times.
    const later = () => sleep(round / 10).then(disable)
    const [code] = round % 2 ? await Promise.all([decide(), later()]) : [await disable().then(decide)]
    const { status } = await as(world, actor).approvals.get({ approval_id })
    expect(status).toBe(code === 'done' ? 'executed' : 'pending')
    if (round % 2 === 0) expect(code).toBe('NOT_AN_APPROVER')
    if (code === 'done') won++
    else lost++
  }
  expect(won).toBeGreaterThan(0)
  expect(lost).toBeGreaterThanOrEqual(100)
})

test('20 people race for each of 10 approvals: one name is recorded and one value set', async () => {
  const crowd = await Promise.all(Array.from({ length: 20 }, () => makePerson(world, project, 'MEMBER')))
  for (let round = 0; round < 10; round++) {
    const { approval_id, action_hash } = await makeApproval(world, actor, {
      key_path: `raced/${round}`,
      link: 'signed_in',
    })
    const codes = await Promise.all(
      crowd.map((one) =>
        codeOf(as(world, one.actor).approvals.decide({ approval_id, action_hash, action: 'approve' })),
      ),
    )
    expect(codes.filter((code) => code === 'done')).toHaveLength(1)
    expect(codes.filter((code) => code === 'APPROVAL_USED')).toHaveLength(19)
    const winner = crowd[codes.indexOf('done')]
    const { decision } = await as(world, actor).approvals.get({ approval_id })
    expect(decision?.decided_by.id).toBe(winner?.id)
    expect(await as(world, actor).values.get({ key_path: `raced/${round}` })).toMatchObject({ version: 1 })
  }
})
