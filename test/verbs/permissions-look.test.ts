import { describe, expect, test } from 'vitest'
import { answerPermission, askPermission, makeAgent, makeAgentKey } from '../agents.ts'
import { as } from '../as.ts'
import { makeProject } from '../make.ts'
import { actorIn, makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const project = await makeProject(world)
const { agent, id: keyId, actor } = await makeAgent(world, project)
const mia = await makePerson(world, project, 'MEMBER', { name: 'Mia Member' })
const viewer = await makePerson(world, project, 'VIEWER')
const looked = (id: string, who = mia.actor) => as(world, who).permissions.look({ id })

describe('permissions.look', () => {
  test('says who asks, since when the agent is known, and that the looker may decide', async () => {
    const asked = await askPermission(world, actor)
    const seen = await looked(asked.id)
    expect(seen).toMatchObject({ may_decide: true, why_not: null, answered: false, revoked_by: null, standing: null })
    expect(seen.permission).toMatchObject({ id: asked.id, status: 'pending', agent: { id: agent.id } })
    const [row] = await world.db.sql`select created_at from agents where id = ${agent.id}`
    expect(seen.known_since).toBe(row?.created_at.toISOString())
  })

  test('shows no token to a person, before or after the yes', async () => {
    const asked = await askPermission(world, actor)
    await answerPermission(world, mia.actor, asked)
    expect((await looked(asked.id)).permission.token).toBeUndefined()
    expect((await as(world, actor).permissions.get({ id: asked.id })).token).toMatch(/^otp_v1_/)
  })

  test('lets a viewer read and says why they decide nothing', async () => {
    const asked = await askPermission(world, actor)
    const seen = await looked(asked.id, viewer.actor)
    expect(seen).toMatchObject({ may_decide: false, why_not: expect.stringContaining('Viewers do not decide') })
    const theirs = as(world, viewer.actor).permissions
    expect(await theirs.get({ id: asked.id })).toMatchObject({ status: 'pending' })
    expect((await theirs.list({})).items.map(({ id }) => id)).toContain(asked.id)
    expect(await codeOf(theirs.revoke({ id: asked.id }))).toBe('INSUFFICIENT_ROLE')
    expect(await codeOf(theirs.request({ action: 'email.send' }))).toBe('INSUFFICIENT_ROLE')
    expect(await codeOf(answerPermission(world, viewer.actor, asked))).toMatch(/^(INSUFFICIENT_ROLE|NOT_AN_APPROVER)$/)
  })

  test('tells whom the asking key invited that somebody else has to decide', async () => {
    const guest = await makePerson(world, project, 'MEMBER')
    await world.db.sql`update memberships set invited_by_key = ${keyId} where person_id = ${guest.id}`
    const asked = await askPermission(world, actor)
    const seen = await looked(asked.id, await actorIn(world, guest.value, project))
    expect(seen).toMatchObject({ may_decide: false, why_not: expect.stringContaining('somebody else has to decide') })
  })

  test('tells what was withdrawn from what was approved and then revoked, and by whom', async () => {
    const [one, two] = [await askPermission(world, actor), await askPermission(world, actor)]
    await as(world, actor).permissions.revoke({ id: one.id })
    await answerPermission(world, mia.actor, two)
    await as(world, mia.actor).permissions.revoke({ id: two.id })
    expect(await looked(one.id)).toMatchObject({
      permission: { status: 'revoked' },
      answered: false,
      revoked_by: { type: 'agent', id: agent.id },
    })
    expect(await looked(two.id)).toMatchObject({
      permission: { status: 'revoked', decided_by: { id: mia.id } },
      answered: true,
      revoked_by: { type: 'person', id: mia.id },
    })
  })

  test('shows the standing yes to the same request, while it holds, and to no other', async () => {
    const asked = await askPermission(world, actor, { action: 'repo.read', resource: 'repo:x' })
    await answerPermission(world, mia.actor, asked, 'approve', { standing_seconds: 600 })
    const again = await askPermission(world, actor, { action: 'repo.read', resource: 'repo:x' })
    for (const { id } of [asked, again])
      expect((await looked(id)).standing).toMatchObject({ by: { id: mia.id }, expires_at: expect.any(String) })
    const { actor: other } = await makeAgent(world, project, { name: 'another' })
    for (const [who, ask] of [
      [actor, { resource: 'repo:y' }],
      [actor, {}],
      [actor, { resource: 'repo:x', scope: {} }],
      [other, { resource: 'repo:x' }],
    ] as const) {
      const { id } = await askPermission(world, who, { action: 'repo.read', ...ask })
      expect((await looked(id)).standing).toBeNull()
    }
    await world.db.sql`update policies set expires_at = now() - interval '1 second' where standing`
    expect((await looked(asked.id)).standing).toBeNull()
  })

  test('finds nothing of another project, and is no door for keys', async () => {
    const asked = await askPermission(world, actor)
    const stranger = await makePerson(world, await makeProject(world), 'OWNER')
    expect(await codeOf(looked(asked.id, stranger.actor))).toBe('NOT_FOUND')
    const { actor: reader } = await makeAgentKey(world, project, agent, { scopes: ['agents:read'] })
    expect(await codeOf(as(world, reader).permissions.look({ id: asked.id }))).toBe('SIGNED_OUT')
  })
})

describe('approvals.timeline', () => {
  const actions = async (id: string) =>
    (await as(world, mia.actor).approvals.timeline({ approval_id: id })).map((one) => one.action)

  test('tells of a permission request what was asked, answered, used and revoked', async () => {
    const asked = await askPermission(world, actor, { uses: 2 })
    await answerPermission(world, mia.actor, asked)
    const mine = as(world, actor).permissions
    const { token = '' } = await mine.get({ id: asked.id })
    await mine.use({ id: asked.id, token })
    await mine.revoke({ id: asked.id })
    expect(await actions(asked.id)).toEqual([
      'permission.requested',
      'approval.executed',
      'permission.used',
      'permission.revoked',
    ])
  })

  test('is there too for what a policy answered, of which no approval was made', async () => {
    const asked = await askPermission(world, actor, { action: 'repo.list' })
    await answerPermission(world, mia.actor, asked, 'approve', { standing_seconds: 600 })
    const again = await askPermission(world, actor, { action: 'repo.list' })
    expect(await actions(again.id)).toEqual(['permission.requested'])
  })
})
