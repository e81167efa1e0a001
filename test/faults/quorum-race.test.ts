import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { sweepApprovals } from '../../server/approvals/sweep.ts'
import { systemCtx } from '../../server/context.ts'
import type { Sql } from '../../server/lib/driver/connect.ts'
import { as } from '../as.ts'
import { testDb } from '../db.ts'
import { makeApproval, makeAsker, makeKey } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { worldAt } from '../serve.ts'
import { often } from '../thorough.ts'
import { vote, yesOrNo } from '../voting.ts'
import { meanwhile } from './meanwhile.ts'

const { address } = await testDb({ max: 8 })
const worlds = [await worldAt(address), await worldAt(address)] as const
const [world, other] = worlds
const { sql } = world.db
const owner = ownerOf(world)
const { project, actor } = await makeAsker(world)

/** The one node or the other, in turn. */
const at = (i: number) => worlds[i % 2] ?? world
const count = (codes: readonly string[], code: string) => codes.filter((one) => one === code).length
const crowd = await Promise.all(Array.from({ length: 9 }, () => makePerson(world, project, 'MEMBER')))
const [ana, ben, mia] = crowd
if (!ana || !ben || !mia) throw new Error('Nobody votes.')

let places = 0
const ask = (required: number) =>
  makeApproval(world, actor, {
    key_path: `raced/${places++}`,
    actions: yesOrNo,
    approvers: [{ any_of: ['role:MEMBER'], required }],
  })
type Asked = Awaited<ReturnType<typeof ask>>

/** Votes, executions and value of one approval say the same: each person once, and at most one end. */
async function agrees({ approval_id: id }: Asked): Promise<boolean> {
  const [row] = await sql<{ holds: boolean }[]>`
    select coalesce((
      (select count(*) from events where target = 'approval:' || a.id
        and name in ('approval.executed', 'approval.expired', 'approval.invalidated', 'approval.locked'))
          = (case when a.status = 'pending' then 0 else 1 end)
      and (a.status = 'pending' or exists (
        select 1 from events where target = 'approval:' || a.id and name = 'approval.' || a.status))
      and (select count(*) from value_versions v where v.approval_id = a.id) = (case when a.status = 'executed' then 1 else 0 end)
      and case when a.status <> 'executed' then true
        when a.decided_action = 'reject' then exists (
          select 1 from votes v where v.approval_id = a.id and v.action = 'reject' and v.person_id = a.ended_by ->> 'id')
        else (select count(*) from votes v where v.approval_id = a.id and v.action = a.decided_action)
          >= (a.groups -> 0 ->> 'required')::int end), false) as holds
    from approvals a where a.id = ${id}`
  return row?.holds === true
}

test('many votes of one person at once, over two nodes, are one vote and told of once', async () => {
  const asked = await ask(2)
  const codes = await Promise.all(Array.from({ length: often(60, 200) }, (_, i) => codeOf(vote(at(i), ana, asked))))
  // They take turns: on a machine with much to do the last ones may be told to come again.
  for (const code of codes) expect(['done', 'UNAVAILABLE']).toContain(code)
  expect(codes).toContain('done')
  const { status, progress } = await as(world, actor).approvals.get({ approval_id: asked.approval_id })
  expect({ status, votes: progress?.votes.length, have: progress?.groups[0]?.have }).toEqual({
    ...{ status: 'pending', votes: 1, have: 1 },
  })
  const told =
    await sql`select 1 from events where target = ${`approval:${asked.approval_id}`} and name = 'approval.voted'`
  expect(told).toHaveLength(1)
  expect((await vote(other, ben, asked)).status).toBe('executed')
})

test('a vote that looks whether there is one before it is counted is counted often (control)', async () => {
  await owner`create table counted_votes (approval_id text, person_id text)`
  await owner`grant all on counted_votes to public`
  const { approval_id } = await ask(2)
  const naive = async ({ db }: typeof world) => {
    const [before] = await db.sql`select 1 from counted_votes where approval_id = ${approval_id}`
    await sleep(1)
    if (!before) await db.sql`insert into counted_votes values (${approval_id}, ${ana.id})`
  }
  await Promise.all(Array.from({ length: 200 }, (_, i) => naive(at(i))))
  expect((await sql`select 1 from counted_votes where approval_id = ${approval_id}`).length).toBeGreaterThan(1)
})

test('of many who vote at once exactly one ends it, whoever they are, and no vote is missed', async () => {
  for (let round = 0; round < often(12, 60); round++) {
    const asked = await ask(3)
    const voters = crowd.slice(0, 3 + (round % 7))
    const codes = await Promise.all(
      voters.map((one, i) =>
        vote(at(i), one, asked).then(
          ({ status }) => status,
          () => 'refused',
        ),
      ),
    )
    expect([count(codes, 'pending'), count(codes, 'executed'), count(codes, 'refused')]).toEqual([
      ...[2, 1, voters.length - 3],
    ])
    const { decision, progress } = await as(world, actor).approvals.get({ approval_id: asked.approval_id })
    expect(decision?.decided_by.id).toBe(voters[codes.indexOf('executed')]?.id)
    expect(progress?.votes).toHaveLength(3)
    expect(await agrees(asked)).toBe(true)
  }
})

/** Counts without taking turns: what a vote must not do. */
const counting = (asked: Asked, required: number) => async (i: number, personId: string) => {
  await at(i).db.sql.begin(async (tx) => {
    await tx`
      insert into votes (approval_id, person_id, action, by, evidence)
      values (${asked.approval_id}, ${personId}, 'approve', '{}', '{}')`
    const [row] = await tx`select count(*)::int as n from votes where approval_id = ${asked.approval_id}`
    await sleep(1)
    if (row?.n >= required)
      await tx`update approvals set status = 'executed', decided_action = 'approve' where id = ${asked.approval_id}`
  })
}

test('votes that are counted without taking turns are missed: all agreed, and nothing happened (control)', async () => {
  let missed = 0
  for (let round = 0; round < 20 && missed === 0; round++) {
    const asked = await ask(3)
    const give = counting(asked, 3)
    await Promise.all(crowd.slice(0, 3).map((one, i) => give(i, one.id)))
    const [row] = await sql`select status from approvals where id = ${asked.approval_id}`
    if (row?.status === 'pending') missed++
  }
  expect(missed).toBe(1)
})

test('votes, vetoes, second thoughts, withdrawal, the end of the time and a disabling at once leave one end', async () => {
  const admin = await makePerson(world, project, 'OWNER')
  const ends = new Map<string, number>()
  for (let round = 0; round < often(30, 150); round++) {
    const asked = await ask(3)
    const leaver = await makePerson(world, project, 'MEMBER')
    const { approval_id } = asked
    const soon = () => sleep(Math.floor((round * 7) % 12))
    const things = [
      () => vote(at(0), ana, asked),
      () => vote(at(1), ben, asked),
      () => vote(at(0), leaver, asked),
      () => vote(at(1), mia, asked),
      () => as(at(round), ana.actor).approvals.retract({ approval_id }),
      ...(round % 2 ? [() => vote(at(1), mia, asked, 'reject')] : []),
      ...(round % 3 === 0 ? [() => soon().then(() => as(other, actor).approvals.invalidate({ approval_id }))] : []),
      ...(round % 4 === 0
        ? [
            () =>
              sql`update approvals set expires_at = clock_timestamp() + interval '5 milliseconds' where id = ${approval_id}`,
            () => sleep(6).then(() => sweepApprovals(systemCtx(other, 'sweeper'))),
          ]
        : []),
      () => soon().then(() => as(other, admin.actor).users.disable({ userId: leaver.id })),
    ]
    const codes = await Promise.all(things.map((thing) => codeOf(thing())))
    for (const code of codes)
      expect(['done', 'APPROVAL_USED', 'APPROVAL_EXPIRED', 'APPROVAL_INVALIDATED', 'NOT_AN_APPROVER']).toContain(code)
    await sweepApprovals(systemCtx(world, 'sweeper'))
    expect(await agrees(asked)).toBe(true)
    const { status, decision } = await as(world, actor).approvals.get({ approval_id })
    const end = decision ? `${status} ${decision.action}` : status
    ends.set(end, (ends.get(end) ?? 0) + 1)
  }
  expect(ends.get('executed approve')).toBeGreaterThan(0)
  expect(ends.size).toBeGreaterThan(1)
})

test('a vote that waited for a disabling does not count, and one that came first holds the disabling up', async () => {
  const [one, two] = [await makePerson(world, project, 'MEMBER'), await makePerson(world, project, 'MEMBER')]
  const asked = await ask(2)
  await vote(world, one, asked)
  const disable = (tx: Sql) => tx`update memberships set disabled_at = now() where person_id = ${one.id}`
  // The last vote comes while somebody who agreed is being shown out: it waits to see what becomes of them.
  expect(await meanwhile(owner, disable, () => vote(other, two, asked), 1)).toMatchObject({ status: 'pending' })
  expect((await vote(world, ana, asked)).status).toBe('executed')

  const next = await ask(2)
  await vote(world, two, next)
  let disabled = false
  let outcome: Promise<unknown> | undefined
  await owner.begin(async (tx) => {
    // The vote holds who counts, and waits for the approval.
    await tx`select 1 from approvals where id = ${next.approval_id} for update`
    outcome = vote(other, ben, next)
    await lockWaits(1)
    const disabling = sql`update memberships set disabled_at = now() where person_id = ${two.id}`.then(() => {
      disabled = true
    })
    await lockWaits(2)
    expect(disabled).toBe(false)
    outcome = Promise.all([outcome, disabling]).then(([said]) => said)
  })
  expect(await outcome).toMatchObject({ status: 'executed' })
})

/** Until so many statements wait for a lock in this database. */
async function lockWaits(many: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const [row] = await owner<{ n: number }[]>`
          select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
        return row?.n
      },
      { timeout: 10_000, interval: 5 },
    )
    .toBeGreaterThanOrEqual(many)
}

/** Who disables somebody holds the membership first, and then withdraws what their keys asked. */
const disabling = (personId: string, asked: Asked, begun: Promise<unknown>) =>
  owner.begin(async (tx) => {
    await tx`update memberships set disabled_at = now() where person_id = ${personId}`
    await begun
    await tx`update approvals set status = 'invalidated', ended_at = now() where id = ${asked.approval_id}`
  })

test('a vote and a disabling that withdraws what is voted on never wait for each other', async () => {
  const one = await makePerson(world, project, 'MEMBER')
  const asked = await ask(2)
  await vote(world, one, asked)
  let code: Promise<string> | undefined
  const begun = sleep(0).then(async () => {
    await sleep(20)
    code = codeOf(vote(other, ben, asked))
    await lockWaits(1)
  })
  await disabling(one.id, asked, begun)
  expect(await code).toBe('APPROVAL_INVALIDATED')
})

test('a vote that holds the approval before who counts ends in a deadlock (control)', async () => {
  const one = await makePerson(world, project, 'MEMBER')
  const asked = await ask(2)
  await vote(world, one, asked)
  let naive: Promise<unknown> | undefined
  const begun = sleep(20).then(async () => {
    naive = sql.begin(async (tx) => {
      await tx`select 1 from approvals where id = ${asked.approval_id} for update`
      await tx`select 1 from memberships where person_id = ${one.id} for share`
    })
    naive.catch(() => {})
    await lockWaits(1)
  })
  const ended = await Promise.allSettled([disabling(one.id, asked, begun)])
  const faults = [...ended, ...(await Promise.allSettled([naive]))].flatMap((each) =>
    each.status === 'rejected' ? [(each.reason as { code?: string }).code] : [],
  )
  expect(faults).toEqual(['40P01'])
})

/** A hundred creations with a number at once, each of which names the same person. */
async function racing(create: (i: number) => Promise<unknown>): Promise<string[]> {
  return Promise.all(Array.from({ length: 12 }, (_, i) => codeOf(create(i))))
}

test('of racing requests with a number as many wait for a person as may, on two nodes', async () => {
  for (let round = 0; round < often(4, 15); round++) {
    const one = await makePerson(world, project, 'VIEWER')
    await sql`update memberships set role = 'MEMBER' where person_id = ${one.id}`
    const wish = { key_path: 'with/number', value: 'yes', match_number: true, approvers: [{ any_of: [one.email] }] }
    const codes = await racing((i) => as(at(i), actor).approvals.create(wish))
    expect([count(codes, 'done'), count(codes, 'TOO_MANY_PENDING')]).toEqual([3, 9])
  }
})

test('a count before the creation lets too many through (control)', async () => {
  const { actor: one } = await makeKey(world, project)
  const waiting = () => sql<{ n: number }[]>`
    select count(*)::int as n from approvals where key_path = 'counted/before' and status = 'pending'`
  const codes = await racing(async (i) => {
    const [row] = await waiting()
    if ((row?.n ?? 0) >= 3) throw new Error('Too many.')
    await as(at(i), one).approvals.create({ key_path: 'counted/before', value: 'yes', link: 'signed_in' })
  })
  expect(count(codes, 'done')).toBeGreaterThan(3)
})
