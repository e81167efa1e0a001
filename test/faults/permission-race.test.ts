import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { sweepApprovals } from '../../server/approvals/sweep.ts'
import { systemCtx } from '../../server/context.ts'
import type { Sql } from '../../server/lib/driver/connect.ts'
import { answerPermission, askPermission, makeAgent } from '../agents.ts'
import { as } from '../as.ts'
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

/** The one node or the other, in turn. */
const at = (i: number) => worlds[i % 2] ?? world
const mine = (i = 0) => as(at(i), actor).permissions
const count = (codes: readonly string[], code: string) => codes.filter((one) => one === code).length

async function allowed(uses: number) {
  const asked = await askPermission(world, actor, { uses })
  await answerPermission(world, ana.actor, asked)
  const { token = '' } = await mine().get({ id: asked.id })
  return { id: asked.id, token }
}

/**
 * That a request, its approval and what is told of it say the same. The clock is looked at once when it is decided and once
 * when that is written: a process that was stopped in between is no fault.
 */
async function agrees(id: string): Promise<boolean> {
  const [row] = await sql<{ holds: boolean }[]>`
    select case a.status
        when 'executed' then p.answer is not null
        when 'invalidated' then p.answer is null and p.revoked_at is not null
        else p.answer is null and p.revoked_at is null end
      and (p.answered_at is null or p.answered_at < a.expires_at + interval '300 milliseconds')
      and p.used <= p.uses
      and p.used = (select count(*) from events where target = 'permission:' || p.id and name = 'permission.used')
      and (p.revoked_at is not null) = exists (select 1 from events where target = 'permission:' || p.id and name = 'permission.revoked')
      as holds
    from permissions p join approvals a on a.id = p.id where p.id = ${id}`
  return row?.holds === true
}

test('of 50 uses at once over two nodes exactly as many succeed as there are', async () => {
  for (const uses of [1, 2, 7, 49].slice(0, often(3, 4))) {
    const { id, token } = await allowed(uses)
    const codes = await Promise.all(Array.from({ length: 50 }, (_, i) => codeOf(mine(i).use({ id, token }))))
    expect([count(codes, 'done'), count(codes, 'TOKEN_USED')]).toEqual([uses, 50 - uses])
    expect(await agrees(id)).toBe(true)
  }
})

test('a use that reads what is left before it counts succeeds too often (control)', async () => {
  const { id } = await allowed(1)
  const naive = async (i: number) => {
    const { sql: one } = at(i).db
    const [row] = await one`select used < uses as free from permissions where id = ${id}`
    await sleep(1)
    if (row?.free) await one`update permissions set used = used + 1 where id = ${id}`
    return row?.free === true
  }
  const done = await Promise.all(Array.from({ length: 50 }, (_, i) => naive(i)))
  expect(done.filter(Boolean).length).toBeGreaterThan(1)
  expect(await agrees(id)).toBe(false)
})

/** Uses that begin one after the other while a permission is revoked: how those ended that began after the revoking had. */
async function usesBeside(
  revoke: (id: string) => Promise<unknown>,
  use: (i: number, id: string, token: string) => Promise<unknown>,
) {
  const { id, token } = await allowed(100)
  let over = false
  const late: Promise<string>[] = []
  const all: Promise<string>[] = []
  const using = (async () => {
    for (let i = 0; i < 60 && late.length < 5; i++) {
      const one = codeOf(use(i, id, token))
      all.push(one)
      if (over) late.push(one)
      await sleep(1)
    }
  })()
  await sleep(5)
  await revoke(id)
  over = true
  await using
  const last = codeOf(use(0, id, token))
  return { id, late: await Promise.all([...late, last]), all: await Promise.all(all) }
}

test('no use succeeds that began after a revoking had ended, on any node, and each is told of', async () => {
  for (let round = 0; round < often(5, 50); round++) {
    const { id, late, all } = await usesBeside(
      (one) => mine(1).revoke({ id: one }),
      (i, one, token) => mine(i).use({ id: one, token }),
    )
    expect(new Set(late)).toEqual(new Set(['TOKEN_REVOKED']))
    expect(count(all, 'done') + count(all, 'TOKEN_REVOKED')).toBe(all.length)
    const [row] = await sql`select used from permissions where id = ${id}`
    expect(row?.used).toBe(count(all, 'done'))
  }
})

test('a use that knows a permission from before is not stopped by a revoking (control)', async () => {
  const { late } = await usesBeside(
    (id) => mine(1).revoke({ id }),
    (_, id) => sql`update permissions set used = used + 1 where id = ${id} and used < uses`,
  )
  expect(count(late, 'done')).toBeGreaterThan(0)
})

test('a decision and a revoking at once: one of them is first, none is lost, and nothing stands still', async () => {
  const rounds = often(20, 300)
  for (let round = 0; round < rounds; round++) {
    const asked = await askPermission(world, actor)
    const decide = () => codeOf(answerPermission(other, ana.actor, asked, round % 3 ? 'approve' : 'deny'))
    const revoke = () => mine().revoke({ id: asked.id })
    const [code, revoked] =
      round % 2
        ? await Promise.all([decide(), revoke()])
        : await Promise.all([revoke(), decide()]).then(([a, b]) => [b, a] as const)
    expect(['done', 'APPROVAL_INVALIDATED']).toContain(code)
    // A no stays one; a yes is taken back.
    expect(revoked.status).toBe(code === 'done' && round % 3 === 0 ? 'denied' : 'revoked')
    expect((await mine().get({ id: asked.id })).status).toBe(revoked.status)
    expect(await agrees(asked.id)).toBe(true)
  }
})

test('a revoking that reads before it writes undoes a decision that was told of (control)', async () => {
  const asked = await askPermission(world, actor)
  const [row] = await sql`select status from approvals where id = ${asked.id}`
  await answerPermission(other, ana.actor, asked)
  if (row?.status === 'pending')
    await sql`update approvals set status = 'invalidated', ended_at = now() where id = ${asked.id}`
  expect(await agrees(asked.id)).toBe(false)
})

test('a decision that had to wait for a revoking is refused, and the other way round finds it answered', async () => {
  const one = await askPermission(world, actor)
  const withdraw = (tx: Sql) => tx`update approvals set status = 'invalidated', ended_at = now() where id = ${one.id}`
  expect(await meanwhile(owner, withdraw, () => codeOf(answerPermission(other, ana.actor, one)), 1)).toBe(
    'APPROVAL_INVALIDATED',
  )
  const two = await askPermission(world, actor)
  const decide = async (tx: Sql) => {
    await tx`update approvals set status = 'executed', decided_action = 'approve', ended_at = now() where id = ${two.id}`
    await tx`
      update permissions set answer = 'approved', answered_at = now(), granted_until = now() + interval '1 minute'
      where id = ${two.id}`
  }
  // It could not withdraw what was answered, so it looks again, and takes back the yes.
  expect(await meanwhile(owner, decide, () => mine().revoke({ id: two.id }), 1)).toMatchObject({ status: 'revoked' })
  const [row] = await sql`select answer, revoked_at from permissions where id = ${two.id}`
  expect(row).toMatchObject({ answer: 'approved', revoked_at: expect.any(Date) })
})

/** Decisions that come one after the other around the end of a request's time. */
async function aroundTheEnd(decide: (asked: { id: string; action_hash: string }) => Promise<unknown>, sweep = true) {
  const asked = await askPermission(world, actor)
  await sql`update approvals set expires_at = clock_timestamp() + interval '20 milliseconds' where id = ${asked.id}`
  const sweeping = sweep ? sleep(20).then(() => sweepApprovals(systemCtx(other, 'sweeper'))) : undefined
  const codes = await Promise.all([0, 5, 10, 15, 20, 25, 30].map((ms) => sleep(ms).then(() => codeOf(decide(asked)))))
  await sweeping
  return { codes, id: asked.id }
}

test('a decision around the end of the time counts before it, or not at all', async () => {
  for (let round = 0; round < often(10, 200); round++) {
    const { codes, id } = await aroundTheEnd((asked) => answerPermission(at(round), ana.actor, asked))
    const { status } = await mine().get({ id })
    expect(count(codes, 'done')).toBe(status === 'approved' ? 1 : 0)
    expect(status === 'approved' || status === 'expired').toBe(true)
    for (const code of codes) expect(['done', 'APPROVAL_USED', 'APPROVAL_EXPIRED']).toContain(code)
    expect(await agrees(id)).toBe(true)
  }
})

test('a decision that looks at the clock before it writes counts after the end (control)', async () => {
  const { id } = await aroundTheEnd(async ({ id: one }) => {
    const [row] = await sql`select expires_at > clock_timestamp() as open from approvals where id = ${one}`
    await sleep(600)
    if (row?.open || (await sql`select 1 from approvals where id = ${one} and status = 'pending'`).length > 0)
      await sql`
        with decided as (update approvals set status = 'executed', ended_at = now() where id = ${one} returning id)
        update permissions set answer = 'approved', answered_at = clock_timestamp() where id in (select id from decided)`
  }, false)
  expect(await agrees(id)).toBe(false)
})
