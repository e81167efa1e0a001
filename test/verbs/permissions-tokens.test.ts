import { describe, expect, test } from 'vitest'
import { actorOfKey } from '../../server/keys/known.ts'
import { newId } from '../../server/lib/id.ts'
import { answerPermission, askPermission, makeAgent, makeAgentKey } from '../agents.ts'
import { as } from '../as.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db
const project = await makeProject(world)
const { agent, actor, id: keyId } = await makeAgent(world, project)
const ana = await makePerson(world, project, 'ADMIN')
const mia = await makePerson(world, project, 'MEMBER')
const mine = as(world, actor).permissions

/** An approved request with its token. */
async function allowed(ask: Parameters<typeof askPermission>[2] = {}) {
  const asked = await askPermission(world, actor, ask)
  await answerPermission(world, mia.actor, asked)
  const { token = '', expires_at } = await mine.get({ id: asked.id })
  return { ...asked, token, expires_at }
}
const over = (id: string) => sql`update permissions set granted_until = now() - interval '1 second' where id = ${id}`
const _undecided = (id: string) => sql`update approvals set expires_at = now() - interval '1 second' where id = ${id}`

describe('a token', () => {
  test('is shown to the line of keys that asked, at every read until its first use, and to nobody else', async () => {
    const { id, token } = await allowed({ uses: 2 })
    expect(token).toMatch(/^otp_v1_[\w-]{43}$/)
    const rotated = await as(world, ana.actor).keys.rotate({ keyId, grace_seconds: 600 })
    const sibling = await makeAgentKey(world, project, agent)
    const reader = await makeKey(world, project, 'write', {
      scopes: ['permissions:request', 'agents:read', 'agents:write'],
    })
    const shownTo = async (who: Parameters<typeof as>[1]) => (await as(world, who).permissions.get({ id })).token
    for (let i = 0; i < 2; i++) expect(await shownTo(actor)).toBe(token)
    expect(await shownTo(await actorOfKey(world, rotated.key))).toBe(token)
    for (const other of [sibling.actor, reader.actor, ana.actor, mia.actor])
      expect(await shownTo(other)).toBeUndefined()
    for (const who of [actor, sibling.actor, ana.actor])
      expect(JSON.stringify(await as(world, who).permissions.list({})).includes(token)).toBe(who === actor)
    await mine.use({ id, token })
    expect(await shownTo(actor)).toBeUndefined()
    expect(JSON.stringify(await sql`select * from events`)).not.toContain(token)
  })

  test('is taken for its own request only, and by its own agent only', async () => {
    const [one, two] = [await allowed(), await allowed()]
    expect(await codeOf(mine.use({ id: one.id, token: two.token }))).toBe('WRONG_TOKEN')
    expect(await mine.verify({ id: one.id, token: two.token })).toMatchObject({ valid: false, scope: null })
    for (const token of ['', 'otp_v1_', `${one.token}x`, one.token.toLowerCase(), 'é'.repeat(43)])
      expect(await codeOf(mine.use({ id: one.id, token }))).toBe('WRONG_TOKEN')
    const other = await makeAgent(world, project, { name: 'other', scopes: ['agents:read'] })
    const owner = await makeKey(world, project, 'admin')
    for (const who of [other.actor, owner.actor, ana.actor, (await makeAgent(world, await makeProject(world))).actor])
      for (const verb of ['use', 'verify'] as const)
        expect(await codeOf(as(world, who).permissions[verb]({ id: one.id, token: one.token }))).toBe('NOT_FOUND')
    const sibling = await makeAgentKey(world, project, agent)
    expect(await as(world, sibling.actor).permissions.use({ id: one.id, token: one.token })).toMatchObject({
      success: true,
    })
    expect(await codeOf(mine.use({ id: newId(), token: one.token }))).toBe('NOT_FOUND')
  })

  test('works as often as it was asked for, and says what is left', async () => {
    const { id, token } = await allowed({ uses: 3 })
    expect(await mine.verify({ id, token })).toMatchObject({ valid: true, uses_remaining: 3 })
    const left = []
    for (let i = 0; i < 3; i++) left.push(await mine.use({ id, token }))
    expect(left.map(({ uses_remaining, status }) => [uses_remaining, status])).toEqual([
      [2, 'approved'],
      [1, 'approved'],
      [0, 'used'],
    ])
    expect(await codeOf(mine.use({ id, token }))).toBe('TOKEN_USED')
    expect(await mine.verify({ id, token })).toMatchObject({ valid: false, status: 'used', uses_remaining: 0 })
    expect(await mine.get({ id })).toMatchObject({ status: 'used', uses_remaining: 0 })
  })

  test('works until its time is over, counted from the answer', async () => {
    const { id, token, expires_at, ttl } = await allowed({ ttl: 30 })
    const { decided_at } = await mine.get({ id })
    expect(Date.parse(expires_at) - Date.parse(decided_at ?? '')).toBe(ttl * 1000)
    await over(id)
    expect(await codeOf(mine.use({ id, token }))).toBe('TOKEN_EXPIRED')
    expect(await mine.verify({ id, token })).toMatchObject({ valid: false, status: 'expired' })
    const seen = await mine.get({ id })
    expect(seen).toMatchObject({ status: 'expired', decided_by: { id: mia.id } })
    expect(seen.token).toBeUndefined()
    expect(await mine.revoke({ id })).toMatchObject({ status: 'expired' })
  })

  test('works no more once it was given back or revoked, whoever did it', async () => {
    const right = await makeKey(world, project, 'write', { scopes: ['agents:write'] })
    for (const who of [actor, ana.actor, mia.actor, right.actor]) {
      const { id, token } = await allowed({ uses: 2 })
      await mine.use({ id, token })
      expect(await as(world, who).permissions.revoke({ id, reason: 'Enough.' })).toMatchObject({ status: 'revoked' })
      expect(await codeOf(mine.use({ id, token }))).toBe('TOKEN_REVOKED')
      expect(await mine.verify({ id, token })).toMatchObject({ valid: false, status: 'revoked' })
      expect(await mine.revoke({ id })).toMatchObject({ status: 'revoked', reason: 'Enough.' })
      const told = await sql`select 1 from events where target = ${`permission:${id}`} and name = 'permission.revoked'`
      expect(told).toHaveLength(1)
    }
  })

  test('is revoked by nobody who only reads', async () => {
    const { id, token } = await allowed()
    const reader = await makeKey(world, project, 'write', { scopes: ['permissions:request', 'agents:read'] })
    const viewer = await makePerson(world, project, 'VIEWER')
    expect(await as(world, reader.actor).permissions.get({ id })).toMatchObject({ status: 'approved' })
    expect(await codeOf(as(world, reader.actor).permissions.revoke({ id }))).toBe('NOT_FOUND')
    expect(await codeOf(as(world, viewer.actor).permissions.revoke({ id }))).toBe('INSUFFICIENT_ROLE')
    expect(await mine.use({ id, token })).toMatchObject({ success: true })
  })
})
