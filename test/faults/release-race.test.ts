import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { makeAccount } from '../accounts.ts'
import { as } from '../as.ts'
import { testDb } from '../db.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { askApproved, readRelease } from '../releases.ts'
import { worldAt } from '../serve.ts'
import { often } from '../thorough.ts'

const { address } = await testDb({ max: 2 })
let now = Date.parse('2026-03-01T12:00:00Z')
const clock = { now: () => new Date(now) }
const worlds = [await worldAt(address, {}, { clock }), await worldAt(address, {}, { clock })] as const
const [world, other] = worlds
const { sql } = world.db
const project = await makeProject(world)
const { actor } = await makeKey(world, project)
const ana = await makePerson(world, project)
const { kept_id: secret } = await as(world, ana.actor).kept.create({ name: 'database', secret: 'hunter2' })

/** The one node or the other, in turn. */
const at = (i: number) => worlds[i % 2] ?? world
const count = (codes: readonly string[], code: string) => codes.filter((one) => one === code).length
type Asked = { approval_id: string; action_hash: string }
const reads = (asked: Asked, times = 50) =>
  Promise.all(Array.from({ length: times }, (_, i) => codeOf(readRelease(at(i), actor, asked))))

/** That so many readings are in the row and so many in the log. */
async function isTold(id: string, times: number): Promise<void> {
  const [row] = await sql`
    select released, (select count(*)::int from events where target = 'approval:' || a.id and name = 'approval.released') as told
    from approvals a where id = ${id}`
  expect(row).toMatchObject({ released: times, told: times })
}

test('of 50 readings of a secret at once over two nodes exactly one has it', async () => {
  for (let round = 0; round < often(3, 30); round++) {
    const asked = await askApproved(world, actor, ana.actor, { secret })
    const codes = await reads(asked)
    expect([count(codes, 'done'), count(codes, 'RELEASE_USED')]).toEqual([1, 49])
    await isTold(asked.approval_id, 1)
  }
})

test('so it is when half of them bring an Idempotency-Key, whose holder alone is answered twice', async () => {
  for (let round = 0; round < often(2, 20); round++) {
    const { approval_id } = await askApproved(world, actor, ana.actor, { secret })
    const once = { idempotency: { key: `round ${round}`, credential: 'text', body: { approval_id } } }
    const race = Array.from({ length: 50 }, (_, i) =>
      codeOf(as(at(i), actor, i % 4 < 2 ? once : {}).approvals.release({ approval_id })).then((code) => [
        i % 4 < 2,
        code,
      ]),
    )
    const bare = (await Promise.all(race)).filter(([repeats, code]) => !repeats && code === 'done')
    expect(bare.length).toBeLessThan(2)
    await isTold(approval_id, 1)
    const again = await codeOf(as(world, actor, once).approvals.release({ approval_id }))
    expect(again).toBe(bare.length === 1 ? 'RELEASE_USED' : 'done')
  }
})

test('of an account exactly as many codes leave as were asked for, one in each time step', async () => {
  const account = await makeAccount(world, project)
  for (const codes of [1, 3, 10].slice(0, often(2, 3))) {
    const asked = await askApproved(world, actor, ana.actor, { account: account.id, codes, seconds: 900 })
    for (let step = 0; step < codes; step++) {
      const said = await reads(asked, often(20, 50))
      expect(count(said, 'done')).toBe(1)
      expect(count(said, step === codes - 1 ? 'RELEASE_USED' : 'STEP_USED')).toBe(said.length - 1)
      now += 30_000
    }
    expect(count(await reads(asked), 'RELEASE_USED')).toBe(50)
    await isTold(asked.approval_id, codes)
  }
})

test('a reading that looks before it counts hands the secret out more than once (control)', async () => {
  const asked = await askApproved(world, actor, ana.actor, { secret })
  const naive = async (i: number) => {
    const { sql: one } = at(i).db
    const [row] = await one`select released = 0 as free from approvals where id = ${asked.approval_id}`
    await sleep(1)
    if (row?.free) await one`update approvals set released = released + 1 where id = ${asked.approval_id}`
    return row?.free === true
  }
  const done = await Promise.all(Array.from({ length: 50 }, (_, i) => naive(i)))
  expect(done.filter(Boolean).length).toBeGreaterThan(1)
  await expect(isTold(asked.approval_id, 1)).rejects.toThrow()
})

test('no reading succeeds that began after its key was revoked, on a node that has not heard of it either', async () => {
  for (let round = 0; round < often(5, 40); round++) {
    const asker = await makeKey(world, project)
    const asked = await askApproved(world, asker.actor, ana.actor, { secret })
    const early = codeOf(readRelease(other, asker.actor, asked))
    await as(world, ana.actor).keys.revoke({ keyId: asker.id })
    const late = await Promise.all(Array.from({ length: 6 }, (_, i) => codeOf(readRelease(at(i), asker.actor, asked))))
    for (const code of late) expect(['EXPIRED_API_KEY', 'RELEASE_USED']).toContain(code)
    await isTold(asked.approval_id, (await early) === 'done' ? 1 : 0)
  }
})

test('a reading that had to wait for the row is late when its time is over by then', async () => {
  const asked = await askApproved(world, actor, ana.actor, { secret, seconds: 60 })
  const id = asked.approval_id
  await sql`update approvals set ended_at = now() - interval '59 seconds' where id = ${id}`
  const held = other.db.sql.begin(async (tx) => {
    await tx`select from approvals where id = ${id} for update`
    await sleep(1500)
  })
  await sleep(100)
  expect(await codeOf(readRelease(world, actor, asked))).toBe('RELEASE_EXPIRED')
  await held
  await isTold(id, 0)
})

test('what was read stays read for a node that is started anew', async () => {
  const asked = await askApproved(world, actor, ana.actor, { secret })
  expect(await codeOf(readRelease(world, actor, asked))).toBe('done')
  const fresh = await worldAt(address, {}, { clock })
  expect(await codeOf(readRelease(fresh, actor, asked))).toBe('RELEASE_USED')
})
