import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import type { Sql } from '../../server/lib/driver/connect.ts'
import { newId } from '../../server/lib/id.ts'
import { answerAtOnce } from '../../server/permissions/fresh.ts'
import { answerPermission, askPermission, makeAgent } from '../agents.ts'
import { as, doorCtx } from '../as.ts'
import { testDb } from '../db.ts'
import { makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { worldAt } from '../serve.ts'
import { often } from '../thorough.ts'
import { meanwhile } from './meanwhile.ts'

const { address } = await testDb({ max: 2 })
const worlds = [await worldAt(address), await worldAt(address)] as const
const [world, other] = worlds
const { sql } = world.db
const owner = ownerOf(world)
const project = await makeProject(world)
const { actor } = await makeAgent(world, project)
const ana = await makePerson(world, project, 'ADMIN')
const admin = as(world, ana.actor).policies

/** The one node or the other, in turn. */
const at = (i: number) => worlds[i % 2] ?? world

beforeEach(() => owner`delete from policies`)

const yes = {
  name: 'yes',
  matchers: [{ field: 'action', op: 'equals' as const, value: 'email.send' }],
  effect: 'auto_approve' as const,
}
const changes: Record<string, (tx: Sql, id: string) => Promise<unknown>> = {
  deleted: (tx, id) => tx`delete from policies where id = ${id}`,
  changed: (tx, id) => tx`update policies set version = version + 1, effect = 'deny' where id = ${id}`,
  disabled: (tx, id) => tx`update policies set version = version + 1, enabled = false where id = ${id}`,
  over: (tx, id) => tx`update policies set expires_at = now() where id = ${id}`,
}

test.each(Object.keys(changes))('a request that read a policy which is %s meanwhile is judged anew', async (how) => {
  const { id } = await admin.create(yes)
  const change = changes[how] ?? (() => Promise.reject(new Error('There is no such change.')))
  const asking = () =>
    askPermission(other, actor).then(
      ({ status }) => status,
      () => 'denied',
    )
  expect(await meanwhile(owner, (tx) => change(tx, id), asking, 1)).toBe(how === 'changed' ? 'denied' : 'pending')
})

test('a request that keeps to the policy as it was read is allowed by one that is gone (control)', async () => {
  const { id } = await admin.create(yes)
  const ctx = { ...doorCtx(other, actor), actor }
  const wish = { action: 'email.send', resource: undefined, scope: {}, context: {}, ttl: 300, uses: 1 }
  const by = { type: 'policy' as const, id, name: 'yes' }
  const naive = () =>
    answerAtOnce(other.db.sql, ctx, wish, { answer: 'approved', by, reason: null, granted: null, rule: null })
  expect(await meanwhile(owner, (tx) => tx`delete from policies where id = ${id}`, naive, 0)).toMatchObject({
    status: 'approved',
  })
})

test('no request that began after a policy was deleted is allowed by it, on any node', async () => {
  for (let round = 0; round < often(3, 30); round++) {
    const { id } = await admin.create(yes)
    const early = Array.from({ length: 10 }, (_, i) => askPermission(at(i), actor))
    await admin.delete({ id })
    const late = await Promise.all(Array.from({ length: 4 }, (_, i) => askPermission(at(i), actor)))
    expect(late.map(({ status }) => status)).toEqual(Array(4).fill('pending'))
    for (const { status } of await Promise.all(early)) expect(['approved', 'pending']).toContain(status)
  }
})

/** Whether the positions of the policies are 1 to n, each once. */
async function inOrder(): Promise<boolean> {
  const rows = await sql<
    { position: number }[]
  >`select position from policies where project_id = ${project.id} order by position`
  return rows.length > 0 && rows.every(({ position }, i) => position === i + 1)
}

test('policies that are made, moved and deleted at once on two nodes keep the positions 1 to n', async () => {
  const ids: string[] = []
  for (let i = 0; i < 8; i++) ids.push((await admin.create({ ...yes, name: `p${i}` })).id)
  for (let round = 0; round < often(2, 20); round++) {
    const codes = await Promise.all(
      Array.from({ length: 24 }, (_, i) => {
        const { policies } = as(at(i), ana.actor)
        const id = ids[(i * 5 + round) % ids.length] ?? ''
        if (i % 8 === 0) return codeOf(policies.create({ ...yes, name: `n${i}`, position: 1 + (i % 5) }))
        if (i % 8 === 1) return codeOf(policies.delete({ id }))
        return codeOf(policies.update({ id, position: 1 + ((i * 7 + round) % 9) }))
      }),
    )
    for (const code of codes) expect(['done', 'NOT_FOUND']).toContain(code)
    expect(await inOrder()).toBe(true)
  }
})

test('policies that are put last without a lock share a place (control)', async () => {
  const naive = async (i: number) => {
    const [row] = await at(i).db.sql`select count(*)::int + 1 as last from policies where project_id = ${project.id}`
    await sleep(1)
    await at(i).db.sql`
      insert into policies (id, project_id, position, name, matchers, effect, created_by)
      values (${newId()}, ${project.id}, ${row?.last}, 'x', '[]', 'deny', '{}')`
  }
  await Promise.all(Array.from({ length: 24 }, (_, i) => naive(i)))
  expect(await inOrder()).toBe(false)
})

test('a standing yes that is given while its giver is shown out is gone with them', async () => {
  for (let round = 0; round < often(10, 100); round++) {
    const mia = await makePerson(world, project, 'MEMBER')
    const asked = await askPermission(world, actor, { action: `round.${round}` })
    const give = () => codeOf(answerPermission(other, mia.actor, asked, 'approve', { standing_seconds: 600 }))
    const showOut = () => sleep(round % 10).then(() => as(world, ana.actor).users.disable({ userId: mia.id }))
    const [code] = await Promise.all([give(), showOut()])
    expect(['done', 'NOT_AN_APPROVER']).toContain(code)
    expect(await sql`select 1 from policies where standing and created_by ->> 'id' = ${mia.id}`).toHaveLength(0)
  }
})

test('one that is given without holding the membership outlives it (control)', async () => {
  const mia = await makePerson(world, project, 'MEMBER')
  const naive = async () => {
    const [may] = await sql`select 1 from memberships where person_id = ${mia.id} and disabled_at is null`
    await as(world, ana.actor).users.disable({ userId: mia.id })
    if (may)
      await sql`
        insert into policies (id, project_id, position, name, matchers, effect, standing, expires_at, created_by)
        values (${newId()}, ${project.id}, 0, 'x', '[]', 'auto_approve', true, now() + interval '1 hour',
          ${sql.json({ type: 'person', id: mia.id, name: 'Mia' })})`
  }
  await naive()
  expect(await sql`select 1 from policies where standing and created_by ->> 'id' = ${mia.id}`).toHaveLength(1)
})
