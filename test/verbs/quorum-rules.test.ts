import { describe, expect, test } from 'vitest'
import { makeAgent } from '../agents.ts'
import { as, asVisitor } from '../as.ts'
import { makeApproval, makeAsker, makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'
import { signedInAt } from '../signed-in.ts'
import { eventsOf } from '../told.ts'
import { vote, yesOrNo } from '../voting.ts'

const world = await testWorld()
const { sql } = world.db
const { browserOf, pressed } = signedInAt(world)

const project = await makeProject(world)
const { agent, actor: agentActor } = await makeAgent(world, project, { scopes: ['approvals:write', 'approvals:read'] })
const maker = await makePerson(world, project, 'OWNER', { name: 'Maker' })
const asker = { ...agentActor, makerId: maker.id }
const creature = await makePerson(world, project, 'MEMBER', { name: 'Creature' })
await sql`update memberships set invited_by_key = ${agent.id} where person_id = ${creature.id}`
creature.actor = { ...creature.actor, invitedByKey: agent.id }
const viewer = await makePerson(world, project, 'VIEWER', { name: 'Viewer' })
const outside = await makePerson(world, project, 'ADMIN', { name: 'In no group' })
const rightful = await Promise.all(
  ['Ana', 'Ben', 'Mia', 'Tom'].map((name) => makePerson(world, project, 'MEMBER', { name })),
)
const [ana, ben] = rightful
if (!ana || !ben) throw new Error('Nobody decides.')

const emails = (people: { email: string }[]) => people.map(({ email }) => email)
const rules = {
  'named by address': (required: number) => [{ any_of: emails([...rightful, maker, creature, viewer]), required }],
  'named by role': (required: number) => [{ any_of: ['role:MEMBER', 'role:OWNER', 'role:VIEWER'], required }],
  'in two groups': (required: number) => [
    { any_of: ['role:MEMBER', maker.email], required },
    { any_of: emails([...rightful, creature, viewer]), required: 1 },
  ],
}
const identities = {
  'the maker of the key': maker,
  'a person whom the agent invited': creature,
  'a viewer': viewer,
  'a member of no group': outside,
}

describe.each(Object.entries(rules))('what the agent asks of people %s', (name, groups) => {
  describe.each([1, 2, 3])('with %i required', (required) => {
    const needed = required + (name === 'in two groups' ? 1 : 0)
    test('takes no vote of anybody but the rightful, also when it would be the last', async () => {
      const asked = await makeApproval(world, asker, { actions: yesOrNo, approvers: groups(required), link: undefined })
      const { approval_id, action_hash, token } = asked
      for (const person of rightful.slice(0, needed - 1)) await vote(world, person, asked)
      const before = await eventsOf(sql, approval_id)
      for (const [who, person] of Object.entries(identities))
        for (const action of ['approve', 'reject']) {
          const code = person === viewer ? 'INSUFFICIENT_ROLE' : 'NOT_AN_APPROVER'
          expect([who, await codeOf(vote(world, person, asked, action))]).toEqual([who, code])
          expect([who, await codeOf(pressed(browserOf(person), token, { action }))]).toEqual([who, 'NOT_AN_APPROVER'])
        }
      for (const key of [asker, (await makeKey(world, project, 'admin')).actor])
        expect(await codeOf(as(world, key).approvals.decide({ approval_id, action_hash, action: 'approve' }))).toBe(
          'SIGNED_OUT',
        )
      expect(await codeOf(pressed(asVisitor(world), token))).toBe('SIGN_IN_TO_DECIDE')
      expect(await eventsOf(sql, approval_id)).toEqual(before)
      const { status, progress } = await as(world, asker).approvals.get({ approval_id })
      expect({ status, votes: progress?.votes.length ?? 0 }).toEqual({ status: 'pending', votes: needed - 1 })
      const last = rightful[needed - 1]
      expect(last && (await vote(world, last, asked)).status).toBe('executed')
    })
  })
})

test('one person in two groups fills one of them, by link and by id', async () => {
  const asked = await makeApproval(world, asker, {
    approvers: [{ any_of: emails([ana, ben]) }, { any_of: [ana.email, 'role:MEMBER'] }],
  })
  expect((await vote(world, ana, asked)).status).toBe('pending')
  expect((await pressed(browserOf(ana), asked.token)).status).toBe('pending')
  expect((await vote(world, ben, asked)).status).toBe('executed')
})

describe('a rule that can never be met is refused', () => {
  const create = (approvers: { any_of: string[]; required?: number }[], who = asker) =>
    as(world, who).approvals.create({ key_path: 'x', value: 'y', approvers })
  const [a, b, c] = ['a@example.com', 'b@example.com', 'c@example.com']
  test.each([
    ['more required than there are names', [{ any_of: [a, b], required: 3 }], ['approvers.0']],
    ['the same name twice', [{ any_of: [a, 'A@Example.com'], required: 2 }], ['approvers.0']],
    ['the maker alone', [{ any_of: [maker.email] }], ['approvers.0']],
    ['the maker needed', [{ any_of: [a, maker.email], required: 2 }], ['approvers.0']],
    ['viewers alone', [{ any_of: ['role:VIEWER'] }], ['approvers.0']],
    ['one person in two groups', [{ any_of: [a] }, { any_of: [a] }], ['approvers.1']],
    ['two people in three groups', [{ any_of: [a, b] }, { any_of: [a, b] }, { any_of: [b, a] }], ['approvers.2']],
  ])('%s', async (_, approvers, fields) => {
    expect(await faultyFields(create(approvers))).toEqual(fields)
  })
  test.each([
    ['as many as are needed', [{ any_of: [a, b], required: 2 }]],
    ['groups that overlap and still can be filled', [{ any_of: [a, b] }, { any_of: [a, c] }, { any_of: [a] }]],
    ['a role beside them', [{ any_of: [a, 'role:ADMIN'], required: 5 }, { any_of: [a] }]],
    ['the maker beside others', [{ any_of: [maker.email, a] }]],
  ])('and this is not: %s', async (_, approvers) => {
    expect(await codeOf(create(approvers))).toBe('done')
  })
  test('for a person who asks as for a key', async () => {
    const { actor } = await makePerson(world, project, 'MEMBER', { email: 'self@example.com' })
    const asking = as(world, actor).approvals.create({
      key_path: 'x',
      value: 'y',
      approvers: [{ any_of: ['self@example.com'] }],
    })
    expect(await faultyFields(asking)).toEqual(['approvers.0'])
  })
})

describe('a number to match', () => {
  const wish = { key_path: 'x', value: 'y', match_number: true }
  const create = (who: Parameters<typeof makeApproval>[1], more: object) =>
    codeOf(as(world, who).approvals.create({ ...wish, ...more }))
  test('waits for a person three times at most, whichever way they are named, and again when one is decided', async () => {
    const { project: own, actor } = await makeAsker(world)
    const one = await makePerson(world, own, 'ADMIN')
    const two = await makePerson(world, own, 'MEMBER')
    const named = { approvers: [{ any_of: [one.email] }] }
    const first = await makeApproval(world, actor, { ...wish, ...named })
    expect(await create(actor, { approvers: [{ any_of: ['role:ADMIN'] }] })).toBe('done')
    expect(await create(actor, { link: 'signed_in' })).toBe('done')
    for (const more of [named, { approvers: [{ any_of: ['role:ADMIN'] }] }, { link: 'signed_in' }])
      expect(await create(actor, more)).toBe('TOO_MANY_PENDING')
    // Whoever is not full may be asked, and so may everybody without a number or by a plain link.
    expect(await create(actor, { approvers: [{ any_of: [two.email] }] })).toBe('done')
    expect(await create(actor, { ...named, match_number: false })).toBe('done')
    for (let i = 0; i < 4; i++) expect(await create(actor, {})).toBe('done')
    await vote(world, one, first, 'approve', { match_number: first.match_number })
    expect(await create(actor, named)).toBe('done')
    expect(await create(actor, named)).toBe('TOO_MANY_PENDING')
  })
  test('that somebody typed with their vote does not wait for them', async () => {
    const { project: own, actor } = await makeAsker(world)
    const [one, two] = [await makePerson(world, own), await makePerson(world, own)]
    const both = { approvers: [{ any_of: [one.email, two.email], required: 2 }] }
    const asked = await makeApproval(world, actor, { ...wish, ...both })
    const alone = { approvers: [{ any_of: [one.email] }] }
    for (let i = 0; i < 2; i++) await create(actor, alone)
    expect(await create(actor, alone)).toBe('TOO_MANY_PENDING')
    await vote(world, one, asked, 'approve', { match_number: asked.match_number })
    expect(await create(actor, alone)).toBe('done')
  })
  test('of another project, or of its test objects, is another matter', async () => {
    const { project: own, actor } = await makeAsker(world)
    const { actor: nextActor } = await makeAsker(world)
    const named = { approvers: [{ any_of: ['both@example.com'] }] }
    for (let i = 0; i < 3; i++) expect(await create(actor, named)).toBe('done')
    expect(await create(actor, named)).toBe('TOO_MANY_PENDING')
    expect(await create(nextActor, named)).toBe('done')
    expect(await create((await makeKey(world, own, 'write', { env: 'test' })).actor, named)).toBe('done')
  })
  test('that is guessed a hundred times decides nothing', async () => {
    const { project: own, actor } = await makeAsker(world)
    const one = await makePerson(world, own)
    for (let round = 0; round < 20; round++) {
      const asked = await makeApproval(world, actor, { ...wish, link: 'signed_in' })
      const wrong = String((Number(asked.match_number) + 1) % 1000).padStart(3, '0')
      const codes = await Promise.all(
        Array.from({ length: 5 }, () => codeOf(vote(world, one, asked, 'approve', { match_number: wrong }))),
      )
      expect(
        new Set([...codes, await codeOf(vote(world, one, asked, 'approve', { match_number: asked.match_number }))]),
      ).toEqual(new Set(['WRONG_MATCH_NUMBER', 'LOCKED']))
    }
  })
})
