import { hash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Decider, mayDecide, whyNot } from '../../server/approvals/right.ts'
import { canonical } from '../../server/lib/canonical.ts'
import { openSession } from '../../server/people/session.ts'
import { type Role, roles } from '../../shared/roles.ts'
import { as, asVisitor } from '../as.ts'
import { makeApproval, makeAsker, makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'
import { signedInAt } from '../signed-in.ts'
import { eventsOf } from '../told.ts'

const world = await testWorld()
const { sql } = world.db
const { browserOf, pressed } = signedInAt(world)

const { project, actor, id: keyId } = await makeAsker(world)
const maker = await makePerson(world, project, 'OWNER', { name: 'Max Maker' })
const ofMaker = { ...actor, makerId: maker.id }
const ana = await makePerson(world, project, 'ADMIN', { name: 'Ana' })
const mia = await makePerson(world, project, 'MEMBER', { name: 'Mia' })
const vic = await makePerson(world, project, 'VIEWER', { name: 'Vic' })
const guest = await makePerson(world, project, 'MEMBER', { name: 'Guest' })
await sql`update memberships set invited_by_key = ${keyId} where person_id = ${guest.id}`
guest.actor = { ...guest.actor, invitedByKey: keyId }
const gone = await makePerson(world, project, 'ADMIN', { name: 'Gone' })
await sql`update memberships set disabled_at = now() where person_id = ${gone.id}`
const stranger = await makePerson(world, await makeProject(world), 'OWNER', { name: 'Stranger' })
const people = { maker, ana, mia, vic, guest, gone, stranger }
type Name = keyof typeof people

const policies: Record<string, { wish: Parameters<typeof makeApproval>[2]; may: Name[] }> = {
  'signed_in without approvers': { wish: { link: 'signed_in' }, may: ['maker', 'ana', 'mia'] },
  'named by e-mail': { wish: { approvers: [{ any_of: [mia.email] }] }, may: ['mia'] },
  'named by role': { wish: { approvers: [{ any_of: ['role:ADMIN', 'role:MEMBER'] }] }, may: ['ana', 'mia'] },
  'named: maker, invited, viewer, stranger and disabled': {
    wish: {
      approvers: [
        { any_of: [maker.email, guest.email, vic.email, stranger.email, gone.email, 'role:VIEWER', 'role:OWNER'] },
      ],
    },
    may: [],
  },
}

describe.each(Object.entries(policies))('%s', (_, { wish, may }) => {
  test.each(Object.keys(people) as Name[])(
    '%s decides by link and by id exactly when the rule says so',
    async (name) => {
      const expected = may.includes(name) ? 'done' : 'NOT_AN_APPROVER'
      const person = people[name]
      const byLink = await makeApproval(world, ofMaker, wish)
      expect(await codeOf(pressed(browserOf(person), byLink.token))).toBe(expected)
      const told = await eventsOf(sql, byLink.approval_id)
      expect(told).toEqual(expected === 'done' ? ['approval.created', 'approval.executed'] : ['approval.created'])
      if (name === 'gone' || name === 'stranger') return
      const byId = await makeApproval(world, ofMaker, wish)
      const decide = as(world, person.actor).approvals.decide({
        approval_id: byId.approval_id,
        action: 'approve',
        action_hash: byId.action_hash,
      })
      expect(await codeOf(decide)).toBe(name === 'vic' ? 'INSUFFICIENT_ROLE' : expected)
      const inbox = await as(world, person.actor).inbox.get({})
      if (expected !== 'done') expect(inbox.needs_me.map((one) => one.approval_id)).not.toContain(byId.approval_id)
    },
  )
  test('no key ever decides, and nobody without a session', async () => {
    const { token, approval_id, action_hash } = await makeApproval(world, ofMaker, wish)
    expect(await codeOf(pressed(asVisitor(world), token))).toBe('SIGN_IN_TO_DECIDE')
    const key = await makeKey(world, project, 'admin')
    expect(await codeOf(as(world, key.actor).approvals.decide({ approval_id, action: 'approve', action_hash }))).toBe(
      'SIGNED_OUT',
    )
  })
})

test('the rule as code and the rule as SQL agree on every person and every approval', async () => {
  let compared = 0
  for (const role of roles)
    for (const invitedByKey of [keyId, null, 'another key', 'an agent'])
      for (const approvers of [null, [mia.email], [`role:${role}`], ['role:OWNER', 'someone@example.com']])
        for (const maker_id of [mia.id, null])
          for (const [key_family, by] of [
            [keyId, 'a key'],
            [null, mia.id],
            ['a line', 'an agent'],
          ] as const) {
            const created_by = { type: by === 'an agent' ? 'agent' : 'key', id: by, name: 'it' } as const
            const who: Decider = { id: mia.id, email: mia.email, role, invitedByKey }
            const [row] = await sql<{ may: boolean }[]>`
              select (${mayDecide(sql, who)}) as may from (select ${key_family}::text as key_family,
                ${approvers}::text[] as approvers, ${maker_id}::text as maker_id, ${sql.json(created_by)}::jsonb as created_by) as a`
            expect(row?.may).toBe(whyNot(who, { approvers, maker_id, key_family, created_by }) === undefined)
            compared++
          }
  expect(compared).toBe(384)
})

describe('a link that asks for sign-in', () => {
  const wish = {
    approvers: [{ any_of: ['role:MEMBER'] }],
    info: 'Deploy to production',
    ref_id: 'build-1',
    payload: { commit: 'abc' },
    comment: 'required' as const,
  }
  test('shows a stranger who asks, where and until when, and nothing of what', async () => {
    const { token } = await makeApproval(world, actor, { ...wish, key_path: 'secret/place' })
    for (const browser of [asVisitor(world), browserOf(stranger), browserOf(gone)]) {
      const seen = await browser.approvals.open({ token })
      expect(seen).toMatchObject({
        project: project.name,
        requested_by: { name: 'write key', type: 'key' },
        needs: { sign_in: true },
        ...{ key_path: null, info: null, ref_id: null, payload: null, actions: [] },
      })
      expect(JSON.stringify(seen)).not.toMatch(/secret\/place|Deploy|build-1|"abc"|role:|approve/)
    }
  })
  test('shows the people of the project everything, who they are, and who may decide', async () => {
    const { token } = await makeApproval(world, actor, wish)
    const seen = await browserOf(mia).approvals.open({ token })
    expect(seen).toMatchObject({
      key_path: 'deploy/prod',
      info: 'Deploy to production',
      signed_in_as: { name: 'Mia', may_decide: true },
      // Mia; the guest was invited by the asking key.
      deciders: { named: ['role:MEMBER'], count: 1 },
    })
    expect((await browserOf(ana).approvals.open({ token })).signed_in_as).toEqual({
      name: 'Ana',
      may_decide: false,
      why_not: 'You are not among those who may decide this.',
      vote: null,
    })
    expect((await browserOf(stranger).approvals.open({ token })).signed_in_as).toMatchObject({ may_decide: false })
  })
  test('records the person, and tells the people of the project and no stranger who it was', async () => {
    const { token, approval_id } = await makeApproval(world, actor, wish)
    const browser = browserOf(mia)
    expect(await codeOf(pressed(browser, token))).toBe('COMMENT_REQUIRED')
    await pressed(browser, token, { comment: 'Looked at it.' })
    const { decision, ended_by } = await as(world, actor).approvals.get({ approval_id })
    expect(ended_by).toEqual({ type: 'person', id: mia.id, name: 'Mia' })
    expect(decision).toMatchObject({ decided_by: ended_by, evidence: { ip: '127.0.0.1', user_agent: 'test' } })
    expect((await browser.approvals.open({ token })).outcome).toMatchObject({ by: 'Mia', by_you: true })
    expect((await browserOf(mia).approvals.open({ token })).outcome).toMatchObject({ by_you: true })
    expect((await browserOf(ana).approvals.open({ token })).outcome).toMatchObject({ by: 'Mia', by_you: false })
    expect((await asVisitor(world).approvals.open({ token })).outcome).toEqual({
      at: decision?.decided_at,
      ...{ action: null, comment: null, by: null, by_you: false, reported: false },
    })
  })
  test('takes no guess of a PIN from who may not decide', async () => {
    const { token, approval_id } = await makeApproval(world, actor, { link: 'signed_in', pin: '4829' })
    for (const browser of [asVisitor(world), browserOf(stranger), browserOf(vic)])
      for (let guess = 0; guess < 6; guess++) await codeOf(pressed(browser, token, { pin: '0000' }))
    expect((await as(world, actor).approvals.get({ approval_id })).attempts_left).toBe(5)
    expect(await codeOf(pressed(browserOf(mia), token, { pin: '0000' }))).toBe('WRONG_PIN')
    expect(await codeOf(pressed(browserOf(mia), token, { pin: '4829' }))).toBe('done')
  })
  test('is reported only by who may decide it', async () => {
    const { token, approval_id } = await makeApproval(world, actor, wish)
    const report = async (browser: ReturnType<typeof asVisitor>) => {
      const { csrf_token } = await browser.approvals.open({ token })
      return codeOf(browser.approvals.report({ token, csrf_token }))
    }
    expect(await report(asVisitor(world))).toBe('SIGN_IN_TO_DECIDE')
    for (const person of [stranger, vic, guest]) expect(await report(browserOf(person))).toBe('NOT_AN_APPROVER')
    expect(await report(browserOf(mia))).toBe('done')
    const [told] =
      await sql`select actor from events where target = ${`approval:${approval_id}`} and name = 'approval.reported'`
    expect(told?.actor).toMatchObject({ type: 'person', name: 'Mia' })
  })
})

describe('a plain link', () => {
  test('is decided by whoever holds it, and by name by a member who is signed in', async () => {
    const byHolder = await makeApproval(world, actor)
    await pressed(browserOf(stranger), byHolder.token)
    const byMember = await makeApproval(world, actor)
    await pressed(browserOf(vic), byMember.token)
    const who = async (approval_id: string) => (await as(world, actor).approvals.get({ approval_id })).ended_by
    expect(await who(byHolder.approval_id)).toEqual({ type: 'visitor', id: null, name: 'link holder' })
    expect(await who(byMember.approval_id)).toEqual({ type: 'person', id: vic.id, name: 'Vic' })
  })
  test('has the hash it had before there were others, and the others have one of their own', async () => {
    const plain = await makeApproval(world, actor)
    const row = await as(world, actor).approvals.get({ approval_id: plain.approval_id })
    const { approval_id, key_path, actions, info, ref_id, payload } = row
    const shown = { approval_id, key_path, actions, info, ref_id, payload }
    expect(plain.action_hash).toBe(hash('sha256', canonical(shown), 'hex'))
    const named = await makeApproval(world, actor, { approvers: [{ any_of: ['role:ADMIN', 'role:ADMIN'] }] })
    const facts = { ...shown, approval_id: named.approval_id, link: 'signed_in', approvers: ['role:ADMIN'] }
    expect(named.action_hash).toBe(hash('sha256', canonical(facts), 'hex'))
  })
})

describe('an approval that a person asks for', () => {
  test('has that person as its maker, who decides it alone when nobody is named', async () => {
    const made = await as(world, mia.actor).approvals.create({ key_path: 'by/hand', value: 'yes', link: 'signed_in' })
    await pressed(browserOf(mia), made.url.slice(-26))
    const named = await as(world, mia.actor).approvals.create({
      key_path: 'by/hand',
      value: 'yes',
      approvers: [{ any_of: ['role:MEMBER'] }],
    })
    expect(await codeOf(pressed(browserOf(mia), named.url.slice(-26)))).toBe('NOT_AN_APPROVER')
    expect(await codeOf(as(world, vic.actor).approvals.create({ key_path: 'x', value: 'y' }))).toBe('INSUFFICIENT_ROLE')
  })
  test('is refused with a bearer link and approvers, and with mail where no mail can be sent', async () => {
    const wish = { key_path: 'x', value: 'y' }
    const caller = as(world, mia.actor)
    expect(
      await codeOf(caller.approvals.create({ ...wish, link: 'bearer', approvers: [{ any_of: ['role:ADMIN'] }] })),
    ).toBe('INVALID_INPUT')
    expect(await codeOf(caller.approvals.create({ ...wish, approvers: [{ any_of: ['root'] }] }))).toBe('INVALID_INPUT')
    expect(await codeOf(caller.approvals.create({ ...wish, notify: ['ana@example.com'] }))).toBe('MAIL_OFF')
  })
})

test('a role counts as it is at the moment of deciding', async () => {
  const one = await makePerson(world, project, 'VIEWER')
  const { token } = await makeApproval(world, actor, { approvers: [{ any_of: ['role:ADMIN'] }] })
  const become = (role: Role) => sql`update memberships set role = ${role} where person_id = ${one.id}`
  expect(await codeOf(pressed(browserOf(one), token))).toBe('NOT_AN_APPROVER')
  await become('MEMBER')
  await codeOf(pressed(browserOf(one), token))
  await become('ADMIN')
  while ((await openSession(world, one.value))?.memberships[0]?.role !== 'ADMIN')
    await new Promise((resolve) => setTimeout(resolve, 5))
  expect(await codeOf(pressed(browserOf(one), token))).toBe('done')
})
