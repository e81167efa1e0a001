import { describe, expect, test } from 'vitest'
import { linkDigest } from '../../server/approvals/approval.ts'
import { systemCtx } from '../../server/context.ts'
import { newId } from '../../server/lib/id.ts'
import { acceptInvitation } from '../../server/users/invitation.ts'
import { answerPermission, askPermission, makeAgent, makeAgentKey } from '../agents.ts'
import { as, asVisitor } from '../as.ts'
import { makeKey, makeProject } from '../make.ts'
import { actorIn, makePerson, makeSession } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db
const project = await makeProject(world)
const { agent, actor } = await makeAgent(world, project)
const ana = await makePerson(world, project, 'ADMIN')
const mia = await makePerson(world, project, 'MEMBER')
const mine = as(world, actor).permissions

/** An approved request with its token. */
async function _allowed(ask: Parameters<typeof askPermission>[2] = {}) {
  const asked = await askPermission(world, actor, ask)
  await answerPermission(world, mia.actor, asked)
  const { token = '', expires_at } = await mine.get({ id: asked.id })
  return { ...asked, token, expires_at }
}
const _over = (id: string) => sql`update permissions set granted_until = now() - interval '1 second' where id = ${id}`
const undecided = (id: string) => sql`update approvals set expires_at = now() - interval '1 second' where id = ${id}`

describe('a request that nobody has answered', () => {
  test('takes no use, and is withdrawn for good', async () => {
    const { id, action_hash } = await askPermission(world, actor)
    expect(await codeOf(mine.use({ id, token: 'x' }))).toBe('WRONG_TOKEN')
    await mine.revoke({ id })
    expect(await codeOf(answerPermission(world, mia.actor, { id, action_hash }))).toBe('APPROVAL_INVALIDATED')
    expect(await mine.get({ id })).toMatchObject({ status: 'revoked', decided_by: null })
  })

  test('has expired once its time is over, which is not a no: before the sweeper was there, and after it', async () => {
    const asked = await askPermission(world, actor)
    await undecided(asked.id)
    for (const sweep of [
      async () => {},
      () => sql`update approvals set status = 'expired', ended_at = now() where id = ${asked.id}`,
    ]) {
      await sweep()
      expect(await mine.get({ id: asked.id })).toMatchObject({ status: 'expired', decided_by: null, decided_at: null })
      expect(await codeOf(answerPermission(world, mia.actor, asked))).toBe('APPROVAL_EXPIRED')
      expect(await mine.revoke({ id: asked.id })).toMatchObject({ status: 'expired' })
      expect((await mine.list({ status: 'expired' })).items.map(({ id }) => id)).toContain(asked.id)
      expect((await mine.list({ status: 'denied' })).items.map(({ id }) => id)).not.toContain(asked.id)
    }
  })

  test('is an approval that shows its kind, sets no value, and is ended by a key that may end approvals', async () => {
    const asked = await askPermission(world, actor)
    const key = await makeKey(world, project, 'write')
    const approvals = as(world, key.actor).approvals
    expect(await approvals.get({ approval_id: asked.id })).toMatchObject({
      kind: 'permission',
      key_path: `permissions/${asked.id}`,
      payload: { action: 'email.send' },
      link: 'signed_in',
    })
    expect((await approvals.list({})).items.find((one) => one.approval_id === asked.id)).toMatchObject({
      kind: 'permission',
    })
    await approvals.invalidate({ approval_id: asked.id })
    expect(await mine.get({ id: asked.id })).toMatchObject({ status: 'revoked' })
    const two = await askPermission(world, actor)
    await answerPermission(world, mia.actor, two)
    expect(await codeOf(as(world, key.actor).values.get({ key_path: `permissions/${two.id}` }))).toBe('NOT_FOUND')
  })

  test('is decided by no link, were it known, and by no key', async () => {
    const asked = await askPermission(world, actor)
    const token = 'Z'.repeat(26)
    await sql`update approvals set link_digest = ${linkDigest(world, token)} where id = ${asked.id}`
    const { action_hash } = asked
    const visitor = asVisitor(world)
    const person = as(world, mia.actor, { visit: 'v'.repeat(22) })
    for (const who of [visitor, person]) {
      expect(await codeOf(who.approvals.open({ token }))).toBe('NOT_FOUND')
      expect(await codeOf(who.approvals.act({ token, csrf_token: 'x', action: 'approve', action_hash }))).not.toBe(
        'done',
      )
      expect(await codeOf(who.approvals.report({ token, csrf_token: 'x' }))).not.toBe('done')
    }
    const admin = await makeKey(world, project, 'admin')
    for (const who of [actor, admin.actor]) expect(await codeOf(answerPermission(world, who, asked))).toBe('SIGNED_OUT')
    expect(await mine.get({ id: asked.id })).toMatchObject({ status: 'pending' })
    await sql`update approvals set link_digest = ${Buffer.from(newId())} where id = ${asked.id}`
  })
})

describe('a decision', () => {
  test('is taken once, whatever comes after it', async () => {
    const asked = await askPermission(world, actor)
    await answerPermission(world, mia.actor, asked, 'deny')
    for (const action of ['approve', 'deny'] as const)
      expect(await codeOf(answerPermission(world, ana.actor, asked, action))).toBe('APPROVAL_USED')
    expect(await mine.get({ id: asked.id })).toMatchObject({ status: 'denied', decided_by: { id: mia.id } })
    expect(await codeOf(mine.use({ id: asked.id, token: 'x' }))).toBe('WRONG_TOKEN')
  })

  test('is of what was shown: another hash is refused', async () => {
    const [one, two] = [await askPermission(world, actor), await askPermission(world, actor)]
    expect(one.action_hash).not.toBe(two.action_hash)
    expect(await codeOf(answerPermission(world, mia.actor, { id: one.id, action_hash: two.action_hash }))).toBe(
      'ACTION_CHANGED',
    )
  })

  test('allows no more than was asked, and says where it would', async () => {
    const asked = await askPermission(world, actor, { scope: { to: ['a', 'b'], max: 5, deep: { all: false } } })
    for (const scope of [
      { to: ['a', 'b', 'c'], max: 5, deep: { all: false } },
      { to: ['a'], max: 6, deep: { all: false } },
      { to: ['a'], max: 5, deep: { all: true } },
      { to: ['a'], max: 5 },
      { to: [], max: 5, deep: { all: false } },
      {},
      { to: ['a'], max: 5, deep: { all: false }, more: 1 },
    ])
      expect(await codeOf(answerPermission(world, mia.actor, asked, 'approve', { scope }))).toBe('SCOPE_WIDER')
    expect(await codeOf(answerPermission(world, mia.actor, asked, 'deny', { scope: { to: ['a'] } }))).toBe(
      'INVALID_INPUT',
    )
    const scope = { to: ['b'], max: 5, deep: { all: false } }
    await answerPermission(world, mia.actor, asked, 'approve', { scope })
    const seen = await mine.get({ id: asked.id })
    expect(seen).toMatchObject({ status: 'approved', scope, requested_scope: asked.scope })
    expect(await mine.use({ id: asked.id, token: seen.token ?? '' })).toMatchObject({ scope })
  })

  test('of a viewer, of a stranger, and of whom the agent invited with any of its keys is refused', async () => {
    const asked = await askPermission(world, actor)
    const viewer = await makePerson(world, project, 'VIEWER')
    const stranger = await makePerson(world, await makeProject(world), 'OWNER')
    const [byKey, byAgent] = [await makePerson(world, project, 'MEMBER'), await makePerson(world, project, 'ADMIN')]
    await sql`update memberships set invited_by_key = ${actor.family} where person_id = ${byKey.id}`
    await sql`update memberships set invited_by_key = ${agent.id} where person_id = ${byAgent.id}`
    expect(await codeOf(answerPermission(world, viewer.actor, asked))).toBe('INSUFFICIENT_ROLE')
    expect(await codeOf(answerPermission(world, stranger.actor, asked))).toBe('NOT_FOUND')
    for (const who of [byKey, byAgent]) {
      // Be it that they know it of themselves, or that only the statement does.
      expect(await codeOf(answerPermission(world, who.actor, asked))).toBe('NOT_AN_APPROVER')
      const invitedByKey = who === byKey ? actor.family : agent.id
      expect(await codeOf(answerPermission(world, { ...who.actor, invitedByKey }, asked))).toBe('NOT_AN_APPROVER')
    }
  })

  test('is not for whom an agent’s key invited: the invitation keeps whose it was', async () => {
    const inviter = await makeAgent(world, project, { name: 'inviter', scopes: ['users:write'] })
    await as(world, inviter.actor).users.invite({ email: 'puppet@example.com', role: 'MEMBER' })
    const elsewhere = await makeProject(world)
    const puppet = await makePerson(world, elsewhere, 'MEMBER', { email: 'puppet@example.com' })
    const [invitation] = await sql<{ id: string; email: string; project_id: string }[]>`
      select id, email, project_id from invitations where email = 'puppet@example.com'`
    if (!invitation) throw new Error('Nobody was invited.')
    await acceptInvitation(sql, systemCtx(world, 'test'), invitation, puppet)
    const there = await actorIn(world, (await makeSession(world, puppet.id)).value, project)
    expect(there).toMatchObject({ role: 'MEMBER', invitedByKey: inviter.agent.id })
    const sibling = await makeAgentKey(world, project, inviter.agent)
    for (const who of [inviter.actor, sibling.actor])
      expect(await codeOf(answerPermission(world, there, await askPermission(world, who)))).toBe('NOT_AN_APPROVER')
    expect(await codeOf(answerPermission(world, there, await askPermission(world, actor)))).toBe('done')
  })
})
