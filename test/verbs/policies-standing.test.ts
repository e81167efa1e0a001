import { describe, expect, test } from 'vitest'
import { clean } from '../../server/jobs/sweep.ts'
import { answerPermission, askPermission, makeAgent } from '../agents.ts'
import { as } from '../as.ts'
import { makeKey } from '../make.ts'
import { makePerson } from '../people.ts'
import { draft, type PolicyPlace, policyPlace, toldOfPolicy } from '../policies.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db
const place = () => policyPlace(world)
const told = (id: string) => toldOfPolicy(world, id)

describe('a standing yes', () => {
  const yes = async ({ mia, actor }: PolicyPlace, more: Parameters<typeof answerPermission>[4] = {}) => {
    const asked = await askPermission(world, actor)
    await answerPermission(world, mia.actor, asked, 'approve', { standing_seconds: 60, ...more })
    const { items } = await as(world, mia.actor).policies.list({})
    return items[0]?.id ?? ''
  }
  const statusOf = async ({ actor }: PolicyPlace, ask = {}) => (await askPermission(world, actor, ask)).status

  test('comes before all policies, is ended by any member, and only once', async () => {
    const here = await place()
    await here.admin.create(draft({ effect: 'deny' }))
    await here.admin.update({ id: (await here.admin.list({})).items[0]?.id ?? '', enabled: false })
    const id = await yes(here)
    await here.admin.create(draft({ effect: 'deny' }))
    expect((await here.admin.list({})).items).toMatchObject([{ id, standing: true, position: 0, fault: null }, {}, {}])
    expect(await statusOf(here)).toBe('approved')
    const other = await makePerson(world, here.project, 'MEMBER')
    const viewer = await makePerson(world, here.project, 'VIEWER')
    expect(await codeOf(as(world, viewer.actor).policies.endStanding({ id }))).toBe('INSUFFICIENT_ROLE')
    expect(await codeOf((await place()).admin.endStanding({ id }))).toBe('NOT_FOUND')
    await as(world, other.actor).policies.endStanding({ id })
    expect(await codeOf(as(world, other.actor).policies.endStanding({ id }))).toBe('NOT_FOUND')
    expect(await codeOf(askPermission(world, here.actor))).toBe('PERMISSION_DENIED')
    expect((await told(id)).map(({ name }) => name)).toEqual(['policy.standing', 'policy.standing_ended'])
  })

  test('cannot be changed or deleted as a policy, and a policy cannot be ended as one', async () => {
    const here = await place()
    const id = await yes(here)
    expect(await codeOf(here.admin.update({ id, name: 'x' }))).toBe('NOT_FOUND')
    expect(await codeOf(here.admin.delete({ id }))).toBe('NOT_FOUND')
    const { id: written } = await here.admin.create(draft())
    expect(await codeOf(here.admin.endStanding({ id: written }))).toBe('NOT_FOUND')
  })

  test('allows no more than was allowed when it was given', async () => {
    const here = await place()
    await yes(here, { scope: { to: ['ana@example.com'] } })
    expect(await askPermission(world, here.actor)).toMatchObject({
      status: 'approved',
      scope: { to: ['ana@example.com'] },
    })
  })

  test('gives no token that outlives it', async () => {
    const here = await place()
    const id = await yes(here)
    const [policy] = (await here.admin.list({})).items
    const asked = await askPermission(world, here.actor, { ttl: 3600, uses: 100 })
    expect(asked).toMatchObject({ status: 'approved', expires_at: policy?.expires_at, decided_by: { id } })
  })

  test('is for the agent that asked, and for no other', async () => {
    const here = await place()
    await yes(here)
    const other = await makeAgent(world, here.project, { name: 'other' })
    expect(await askPermission(world, other.actor)).toMatchObject({ status: 'pending' })
    const key = await makeKey(world, here.project, 'agent-live')
    expect(await askPermission(world, key.actor)).toMatchObject({ status: 'pending' })
  })

  test('counts no longer once its time is over, and is removed a day later', async () => {
    const here = await place()
    const id = await yes(here)
    await sql`update policies set expires_at = now() - interval '1 second' where id = ${id}`
    expect(await statusOf(here)).toBe('pending')
    expect((await here.admin.list({})).items).toEqual([])
    expect(await codeOf(here.admin.endStanding({ id }))).toBe('NOT_FOUND')
    const there = async () => (await sql`select 1 from policies where id = ${id}`).length
    await clean(world)
    expect(await there()).toBe(1)
    await sql`update policies set expires_at = now() - interval '25 hours' where id = ${id}`
    await clean(world)
    expect(await there()).toBe(0)
  })

  test.each(['is shown out', 'leaves', 'is made a viewer'])('ends when who gave it %s', async (how) => {
    const here = await place()
    const { ana, mia } = here
    const id = await yes(here)
    const kept = await makePerson(world, here.project, 'MEMBER')
    await answerPermission(
      world,
      kept.actor,
      await askPermission(world, here.actor, { action: 'repo.read' }),
      'approve',
      { standing_seconds: 60 },
    )
    if (how === 'leaves') await as(world, mia.actor).users.leave({})
    else if (how === 'is shown out') await as(world, ana.actor).users.disable({ userId: mia.id })
    else await as(world, ana.actor).users.setRole({ userId: mia.id, role: 'VIEWER' })
    expect(await statusOf(here)).toBe('pending')
    expect(await statusOf(here, { action: 'repo.read' })).toBe('approved')
    expect((await told(id)).map(({ name }) => name)).toEqual(['policy.standing', 'policy.standing_ended'])
  })

  test('stays when who gave it becomes more', async () => {
    const here = await place()
    await yes(here)
    const owner = await makePerson(world, here.project, 'OWNER')
    await as(world, owner.actor).users.setRole({ userId: here.mia.id, role: 'ADMIN' })
    expect(await statusOf(here)).toBe('approved')
  })

  test('has a name that fits, whatever was asked', async () => {
    const here = await place()
    for (const ask of [
      { action: '€'.repeat(85), resource: '🙂'.repeat(60) },
      { action: 'a'.repeat(255), resource: 'b'.repeat(255) },
    ])
      await answerPermission(world, here.mia.actor, await askPermission(world, here.actor, ask), 'approve', {
        standing_seconds: 60,
      })
    const { items } = await here.admin.list({})
    expect(items.map(({ name }) => Buffer.byteLength(name))).toEqual(expect.arrayContaining([75, 100]))
  })

  test.each([59, 28_801, 0.5])('is given for 1 minute to 8 hours, and not for %d seconds', async (standing_seconds) => {
    const { mia, actor } = await place()
    const asked = await askPermission(world, actor)
    expect(await faultyFields(answerPermission(world, mia.actor, asked, 'approve', { standing_seconds }))).toEqual([
      'standing_seconds',
    ])
    expect(await faultyFields(answerPermission(world, mia.actor, asked, 'deny', { standing_seconds: 60 }))).toEqual([
      'standing_seconds',
    ])
    expect(await as(world, actor).permissions.get({ id: asked.id })).toMatchObject({ status: 'pending' })
  })
})
