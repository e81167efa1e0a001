import { describe, expect, test } from 'vitest'
import type { Role } from '../../shared/roles.ts'
import { as } from '../as.ts'
import { makeApproval, makeAsker, makeKey } from '../make.ts'
import { actorIn, makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'
import { signedInAt } from '../signed-in.ts'
import { eventsOf } from '../told.ts'
import { vote, yesOrNo } from '../voting.ts'

const world = await testWorld()
const { sql } = world.db
const { browserOf, pressed } = signedInAt(world)

const { project, actor } = await makeAsker(world)
const ana = await makePerson(world, project, 'ADMIN', { name: 'Ana' })
const ben = await makePerson(world, project, 'ADMIN', { name: 'Ben' })
const mia = await makePerson(world, project, 'MEMBER', { name: 'Mia' })
const tom = await makePerson(world, project, 'MEMBER', { name: 'Tom' })

const admins = { any_of: ['role:ADMIN'], required: 1 }
const members = { any_of: ['role:MEMBER'], required: 1 }
const ask = (approvers: { any_of: string[]; required?: number }[], more: object = {}) =>
  makeApproval(world, actor, { actions: yesOrNo, approvers, ...more })
const read = (approval_id: string) => as(world, actor).approvals.get({ approval_id })
const isNow = (person: { id: string }, role: Role) =>
  sql`update memberships set role = ${role} where person_id = ${person.id}`

describe('an approval that several give', () => {
  test('is executed by the vote that fills the last group, and says who else agreed', async () => {
    const asked = await ask([admins, { ...members, required: 2 }])
    expect(await vote(world, mia, asked, 'approve', { comment: 'Looks right.' })).toEqual({
      status: 'pending',
      action: 'approve',
    })
    await vote(world, ana, asked)
    expect(
      await as(world, actor)
        .values.get({ key_path: 'deploy/prod' })
        .catch(() => null),
    ).toBeNull()
    expect((await read(asked.approval_id)).progress).toMatchObject({
      groups: [
        { required: 1, have: 1 },
        { required: 2, have: 1 },
      ],
      votes: [
        { by: { name: 'Mia' }, action: 'approve', comment: 'Looks right.', counts: true },
        { by: { name: 'Ana' }, action: 'approve', comment: null, counts: true },
      ],
    })
    expect(await pressed(browserOf(tom), asked.token)).toEqual({ status: 'executed', action: 'approve' })
    const done = await read(asked.approval_id)
    expect(done).toMatchObject({
      status: 'executed',
      decision: { action: 'approve', value: 'approved', decided_by: { type: 'person', id: tom.id } },
    })
    expect(done.progress?.votes.map(({ by }) => by.name)).toEqual(['Mia', 'Ana', 'Tom'])
    expect(await as(world, actor).values.get({ key_path: 'deploy/prod' })).toMatchObject({ value: 'approved' })
    expect(await eventsOf(sql, asked.approval_id)).toEqual([
      'approval.created',
      'approval.voted',
      'approval.voted',
      'approval.voted',
      'approval.executed',
    ])
  })
  test('says to all who agreed that they answered, and to who did not that others have', async () => {
    const asked = await ask([{ any_of: ['role:ADMIN', 'role:MEMBER'], required: 2 }])
    await vote(world, mia, asked)
    await vote(world, ana, asked)
    const outcomeFor = async (person: Parameters<typeof browserOf>[0]) =>
      (await browserOf(person).approvals.open({ token: asked.token })).outcome
    for (const agreed of [mia, ana]) expect(await outcomeFor(agreed)).toMatchObject({ by: 'Ana', by_you: true })
    expect(await outcomeFor(tom)).toMatchObject({ by: 'Ana', by_you: false })
    const vetoed = await ask([{ ...admins, required: 2 }])
    await vote(world, ana, vetoed)
    await vote(world, ben, vetoed, 'reject')
    const { outcome } = await browserOf(ana).approvals.open({ token: vetoed.token })
    expect(outcome).toMatchObject({ action: { key: 'reject' }, by: 'Ben', by_you: false })
  })
  test('counts one person in one group only, whichever way the others are seated', async () => {
    const both = { any_of: [ana.email, ben.email] }
    const asked = await ask([{ any_of: [ana.email, ben.email, mia.email] }, both, { any_of: [mia.email, ana.email] }])
    // Ana fits everywhere: she sits where the others leave a place.
    expect((await vote(world, ana, asked)).status).toBe('pending')
    const { progress } = await read(asked.approval_id)
    expect(progress?.groups.reduce((sum, { have }) => sum + have, 0)).toBe(1)
    expect((await vote(world, mia, asked)).status).toBe('pending')
    expect((await vote(world, ben, asked)).status).toBe('executed')
  })
  test('is ended at once by one veto, whoever agreed before: an action of style danger, or that says so', async () => {
    const asked = await ask([{ ...admins, required: 2 }])
    await vote(world, ana, asked)
    expect(await vote(world, ben, asked, 'reject')).toEqual({ status: 'executed', action: 'reject' })
    expect((await read(asked.approval_id)).decision).toMatchObject({ action: 'reject', value: 'rejected' })
    const said = await ask([{ ...admins, required: 2 }], {
      actions: [
        { key: 'later', value: 'later', veto: true },
        { key: 'drop', value: 'dropped', style: 'danger', veto: false },
      ],
    })
    expect((await vote(world, ana, said, 'drop')).status).toBe('pending')
    expect((await vote(world, ben, said, 'later')).status).toBe('executed')
  })
  test('needs the same action from all of them', async () => {
    const actions = [
      { key: 'blue', value: 'b' },
      { key: 'green', value: 'g' },
    ]
    const asked = await ask([{ any_of: ['role:ADMIN', 'role:MEMBER'], required: 2 }], { actions })
    await vote(world, ana, asked, 'blue')
    expect((await vote(world, mia, asked, 'green')).status).toBe('pending')
    expect((await read(asked.approval_id)).progress?.groups[0]?.have).toBe(1)
    expect((await vote(world, tom, asked, 'green')).status).toBe('executed')
    expect((await read(asked.approval_id)).decision?.value).toBe('g')
  })
  test('lets a vote be changed until it is decided, tells of each change once, and of the same vote again not', async () => {
    const actions = [
      { key: 'blue', value: 'b' },
      { key: 'green', value: 'g' },
    ]
    const asked = await ask([{ ...admins, required: 2 }], { actions })
    for (const action of ['blue', 'blue', 'green', 'green', 'blue']) await vote(world, ana, asked, action)
    expect((await vote(world, ben, asked, 'blue')).status).toBe('executed')
    const told = await sql`
      select payload ->> 'action' as action, actor ->> 'name' as name from events
      where target = ${`approval:${asked.approval_id}`} and name = 'approval.voted' order by seq`
    expect(told.map(({ action, name }) => `${name} ${action}`)).toEqual([
      'Ana blue',
      'Ana green',
      'Ana blue',
      'Ben blue',
    ])
    expect(await codeOf(vote(world, ana, asked, 'green'))).toBe('APPROVAL_USED')
  })
  test('keeps of each voter what was seen of them', async () => {
    const asked = await ask([{ ...admins, required: 2 }], { comment: 'required' })
    expect(await codeOf(vote(world, ana, asked))).toBe('COMMENT_REQUIRED')
    await pressed(browserOf(ana), asked.token, { comment: ' Yes. ' })
    const [row] = await sql`select comment, evidence, passkey from votes where approval_id = ${asked.approval_id}`
    expect(row).toMatchObject({
      comment: 'Yes.',
      passkey: false,
      evidence: { ip: '127.0.0.1', user_agent: 'test', dwell_ms: expect.any(Number) },
    })
  })
  test('refuses votes that name another text, another action, or come from nobody named, and keeps none of them', async () => {
    const asked = await ask([{ any_of: [ana.email, ben.email], required: 2 }])
    expect(await codeOf(vote(world, ana, { ...asked, action_hash: '0'.repeat(64) }))).toBe('ACTION_CHANGED')
    expect(await codeOf(vote(world, ana, asked, 'maybe'))).toBe('INVALID_ACTION_KEY')
    expect(await codeOf(vote(world, mia, asked))).toBe('NOT_AN_APPROVER')
    expect((await read(asked.approval_id)).progress?.votes).toEqual([])
    expect(await eventsOf(sql, asked.approval_id)).toEqual(['approval.created'])
  })
  test('lets as many type the right PIN as must, and change their vote as often as they like', async () => {
    const six = await Promise.all(Array.from({ length: 6 }, () => makePerson(world, project, 'OWNER')))
    const asked = await ask([{ any_of: ['role:OWNER'], required: 6 }], { pin: '4829' })
    const [first] = six
    for (const person of [...(first ? [first, first] : []), ...six])
      await vote(world, person, asked, 'approve', { pin: '4829' })
    expect(await read(asked.approval_id)).toMatchObject({ status: 'executed', attempts_left: 5 })
  })
  test('asks each for PIN and number, and locks after five wrong ones over all of them', async () => {
    const asked = await ask([{ ...admins, required: 2 }], { pin: '4829', match_number: true })
    const right = { pin: '4829', match_number: asked.match_number }
    expect(await codeOf(vote(world, ana, asked, 'approve', { pin: '4829' }))).toBe('MATCH_NUMBER_REQUIRED')
    expect((await vote(world, ana, asked, 'approve', right)).status).toBe('pending')
    for (const wrong of ['0000', '1111'])
      expect(await codeOf(vote(world, ben, asked, 'approve', { ...right, pin: wrong }))).toBe('WRONG_PIN')
    expect((await vote(world, ben, asked, 'approve', right)).status).toBe('executed')
    expect((await read(asked.approval_id)).attempts_left).toBe(3)
    const locked = await ask([{ ...admins, required: 2 }], { pin: '4829' })
    for (const person of [ana, ben, ana, ben, ana])
      await codeOf(vote(world, person, locked, 'approve', { pin: '0000' }))
    expect(await codeOf(vote(world, ben, locked, 'approve', { pin: '4829' }))).toBe('LOCKED')
  })
})

test('of test objects it is given by the people of the project, as of any other', async () => {
  const { actor: tester } = await makeKey(world, project, 'write', { env: 'test' })
  const asked = await makeApproval(world, tester, { approvers: [{ ...admins, required: 2 }] })
  const there = async ({ value }: typeof ana) => ({ actor: await actorIn(world, value, { id: tester.projectId }) })
  expect((await vote(world, await there(ana), asked)).status).toBe('pending')
  expect((await vote(world, await there(ben), asked)).status).toBe('executed')
})

describe('somebody who may no longer decide', () => {
  const two = [{ any_of: ['role:ADMIN', 'role:MEMBER'], required: 2 }]
  const ways = {
    disabled: (id: string) => sql`update memberships set disabled_at = now() where person_id = ${id}`,
    'a viewer': (id: string) => sql`update memberships set role = 'VIEWER' where person_id = ${id}`,
  }
  test.each(Object.entries(ways))('as %s keeps their vote on record, and it does not count', async (_, end) => {
    const gone = await makePerson(world, project, 'MEMBER', { name: 'Gone' })
    const asked = await ask(two)
    await vote(world, gone, asked)
    await end(gone.id)
    expect((await read(asked.approval_id)).progress).toMatchObject({
      groups: [{ have: 0 }],
      votes: [{ by: { name: 'Gone' }, counts: false }],
    })
    expect((await vote(world, ana, asked)).status).toBe('pending')
    expect((await vote(world, mia, asked)).status).toBe('executed')
    expect((await read(asked.approval_id)).progress?.votes.map(({ counts }) => counts)).toEqual([false, true, true])
  })
  test('as shown out by an admin is out of the count, and counts again when they are back and somebody votes', async () => {
    const owner = await makePerson(world, project, 'OWNER')
    const gone = await makePerson(world, project, 'MEMBER', { name: 'Back' })
    const asked = await ask([{ any_of: ['role:ADMIN', 'role:MEMBER'], required: 3 }])
    await vote(world, gone, asked)
    await as(world, owner.actor).users.disable({ userId: gone.id })
    expect(await codeOf(vote(world, gone, asked))).toBe('NOT_AN_APPROVER')
    await vote(world, ana, asked)
    expect((await vote(world, mia, asked)).status).toBe('pending')
    await sql`update memberships set disabled_at = null where person_id = ${gone.id}`
    const back = await read(asked.approval_id)
    // All are there, and nobody's coming back presses a button.
    expect(back).toMatchObject({ status: 'pending', progress: { groups: [{ have: 3 }] } })
    expect((await vote(world, mia, asked)).status).toBe('executed')
  })
  test('as somebody of another role is judged by what they are when the last vote comes', async () => {
    const asked = await ask([admins, members])
    const one = await makePerson(world, project, 'ADMIN', { name: 'One' })
    await vote(world, one, asked)
    await isNow(one, 'MEMBER')
    expect((await read(asked.approval_id)).progress?.groups.map(({ have }) => have)).toEqual([0, 1])
    expect((await vote(world, mia, asked)).status).toBe('pending')
    expect((await vote(world, ana, asked)).status).toBe('executed')
  })
})

describe('taking a vote back', () => {
  test('is told of once, counts at once, and is over when it is decided', async () => {
    const asked = await ask([{ ...admins, required: 2 }])
    const retract = (person = ana) => as(world, person.actor).approvals.retract({ approval_id: asked.approval_id })
    await retract()
    await vote(world, ana, asked)
    await Promise.all([retract(), retract()])
    await retract()
    expect((await read(asked.approval_id)).progress?.votes).toEqual([])
    expect((await vote(world, ben, asked)).status).toBe('pending')
    expect((await vote(world, ana, asked)).status).toBe('executed')
    expect(await codeOf(retract())).toBe('APPROVAL_USED')
    const told = await eventsOf(sql, asked.approval_id)
    expect(told.filter((name) => name === 'approval.vote_retracted')).toHaveLength(1)
    expect((await read(asked.approval_id)).progress?.votes).toHaveLength(2)
  })
  test('takes nobody else’s, and finds nothing in another project', async () => {
    const asked = await ask([{ ...admins, required: 2 }])
    await vote(world, ana, asked)
    await as(world, ben.actor).approvals.retract({ approval_id: asked.approval_id })
    expect((await read(asked.approval_id)).progress?.votes).toHaveLength(1)
    const { project: elsewhere } = await makeAsker(world)
    const stranger = await makePerson(world, elsewhere, 'OWNER')
    const retract = as(world, stranger.actor).approvals.retract({ approval_id: asked.approval_id })
    expect(await codeOf(retract)).toBe('NOT_FOUND')
  })
})

describe('who waits', () => {
  test('sees a vote on the page at once when they belong to the project, and otherwise only the end', async () => {
    const asked = await ask([{ ...admins, required: 2 }])
    const watching = browserOf(ben).approvals.open({ token: asked.token, wait: 20 })
    let strangerDone = false
    const stranger = browserOf(await makePerson(world, (await makeAsker(world)).project, 'OWNER'))
    const outside = stranger.approvals.open({ token: asked.token, wait: 20 }).finally(() => {
      strangerDone = true
    })
    const key = as(world, actor).approvals.get({ approval_id: asked.approval_id, wait: 20 })
    while (world.wake.waiting() < 3) await new Promise((resolve) => setTimeout(resolve, 5))
    await vote(world, ana, asked)
    expect(await watching).toMatchObject({ status: 'pending', progress: { groups: [{ have: 1 }] } })
    expect(strangerDone).toBe(false)
    await vote(world, ben, asked)
    expect((await outside).progress).toBeNull()
    expect(await key).toMatchObject({ status: 'executed' })
  })
  test('finds it in their inbox until they voted, and then among what waits for others', async () => {
    const asked = await ask([{ ...admins, required: 2 }])
    const places = async (person = ana) => {
      const { needs_me, waiting } = await as(world, person.actor).inbox.get({})
      return [needs_me, waiting].map((list) => list.some((one) => one.approval_id === asked.approval_id))
    }
    expect(await places()).toEqual([true, false])
    await vote(world, ana, asked)
    expect([await places(), await places(ben)]).toEqual([
      [false, true],
      [true, false],
    ])
    await as(world, ana.actor).approvals.retract({ approval_id: asked.approval_id })
    expect(await places()).toEqual([true, false])
    expect((await browserOf(ana).approvals.open({ token: asked.token })).signed_in_as?.vote).toBeNull()
  })
})
