import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { verifyReceipt } from '../../clients/typescript/src/index.ts'
import { sealRound } from '../../server/audit/seal.ts'
import { rotate } from '../../server/instance/rotation.ts'
import { publicKeys, rotateSigningKey } from '../../server/receipts/keys.ts'
import { answerPermission, askPermission, makeAgent } from '../agents.ts'
import { as } from '../as.ts'
import { testDb } from '../db.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld, worldAt } from '../serve.ts'
import { often } from '../thorough.ts'
import { eventsOf } from '../told.ts'

const { address } = await testDb({ max: 2 })
const worlds = [await worldAt(address), await worldAt(address)] as const
const [world] = worlds
const { sql } = world.db
const { project, actor } = await makeAsker(world)
const agent = await makeAgent(world, project)
const ana = await makePerson(world, project)
const racers = 50

const at = (i: number) => worlds[i % 2] ?? world
const count = (codes: readonly string[], code: string) => codes.filter((one) => one === code).length

/** A decision with its receipt. */
async function decided() {
  const { approval_id, action_hash } = await makeApproval(world, actor)
  await as(world, ana.actor).approvals.decide({ approval_id, action: 'approve', action_hash })
  await sealRound(world)
  return { approval_id, ...(await as(world, actor).approvals.receipt({ approval_id })) }
}

test(`of ${racers} who use one receipt at once over two nodes, one does, and it is told of once`, async () => {
  for (let round = 0; round < often(5, 20); round++) {
    const wish = await decided()
    const codes = await Promise.all(
      Array.from({ length: racers }, (_, i) => codeOf(as(at(i), actor).approvals.consume(wish))),
    )
    expect([count(codes, 'done'), count(codes, 'RECEIPT_USED')]).toEqual([1, racers - 1])
    expect(count(await eventsOf(sql, wish.approval_id), 'approval.receipt_consumed')).toBe(1)
  }
})

test('who looks before they write lets several through (control)', async () => {
  await ownerOf(world)`create table naive_receipts (approval_id text not null)`
  await ownerOf(world)`grant all on naive_receipts to public`
  const { approval_id } = await decided()
  const naive = async (i: number) => {
    const { sql: one } = at(i).db
    const [row] = await one`select from naive_receipts where approval_id = ${approval_id}`
    await sleep(1)
    if (!row) await one`insert into naive_receipts values (${approval_id})`
    return row === undefined
  }
  const done = await Promise.all(Array.from({ length: racers }, (_, i) => naive(i)))
  expect(done.filter(Boolean).length).toBeGreaterThan(1)
})

test('a permission that is revoked while its receipt is used: whoever was first counts, and never both in the wrong order', async () => {
  for (let round = 0; round < often(10, 40); round++) {
    const asked = await askPermission(world, agent.actor)
    await answerPermission(world, ana.actor, asked)
    await sealRound(world)
    const { receipt } = await as(world, agent.actor).approvals.receipt({ approval_id: asked.id })
    const use = () => codeOf(as(at(0), agent.actor).approvals.consume({ approval_id: asked.id, receipt }))
    const revoke = () => as(at(1), agent.actor).permissions.revoke({ id: asked.id })
    const [code] =
      round % 2 ? await Promise.all([use(), revoke()]) : await Promise.all([revoke(), use()]).then(([, one]) => [one])
    expect(['done', 'TOKEN_REVOKED']).toContain(code)
    const late = await use()
    expect(late).toBe(code === 'done' ? 'RECEIPT_USED' : 'TOKEN_REVOKED')
  }
})

test('receipts that are asked for while the key is rotated are all proven by what is published', async () => {
  const { approval_id } = await decided()
  const asking = Array.from({ length: 40 }, async (_, i) => {
    await sleep(i)
    return as(at(i), actor).approvals.receipt({ approval_id })
  })
  for (let i = 0; i < 5; i++) await rotateSigningKey(at(i))
  const keys = { keys: await publicKeys(world) }
  for (const { receipt } of await Promise.all(asking)) await verifyReceipt(receipt, keys)
  expect(keys.keys).toHaveLength(6)
})

test('the keys that sign come under a new master key, and sign as before with that one alone', async () => {
  const [old, fresh] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')]
  const first = await testWorld({ MASTER_KEY: old })
  await rotateSigningKey(first)
  await rotateSigningKey(first)
  const before = await publicKeys(first)
  const next = await worldAt(first.address, { MASTER_KEY: fresh, PREVIOUS_MASTER_KEYS: old })
  expect(await rotate(next)).toMatchObject({ changed: true, rows: 2, kept: 0 })
  const alone = await worldAt(first.address, { MASTER_KEY: fresh })
  expect(await publicKeys(alone)).toEqual(before)
  const asker = await makeAsker(alone)
  const { approval_id, action_hash } = await makeApproval(alone, asker.actor)
  const person = await makePerson(alone, asker.project)
  await as(alone, person.actor).approvals.decide({ approval_id, action: 'approve', action_hash })
  await sealRound(alone)
  const { receipt } = await as(alone, asker.actor).approvals.receipt({ approval_id })
  expect((await verifyReceipt(receipt, { keys: before })).approval_id).toBe(approval_id)
  // What is sealed opens in its own row only.
  const [a, b] = before.map(({ kid }) => kid)
  const { sql: there } = alone.db
  await there`update signing_keys s set sealed = o.sealed from signing_keys o where s.kid = ${a ?? ''} and o.kid = ${b ?? ''}`
  const again = await worldAt(first.address, { MASTER_KEY: fresh })
  expect(await codeOf(as(again, asker.actor).approvals.receipt({ approval_id }))).toBe('INTERNAL')
})
