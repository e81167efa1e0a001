import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { rotate } from '../../server/instance/rotation.ts'
import { rewrapKept } from '../../server/kept/rewrap.ts'
import { wrapGeneration } from '../../server/vault.ts'
import { as } from '../as.ts'
import { makeAsker } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { askApproved, readRelease } from '../releases.ts'
import { testWorld, worldAt } from '../serve.ts'
import { often } from '../thorough.ts'

const masters = Array.from({ length: 3 }, () => randomBytes(32).toString('hex'))
/** The variables of somebody who has the first so many keys; the last of them is the present one. */
const having = (count: number) => ({
  MASTER_KEY: masters[count - 1],
  PREVIOUS_MASTER_KEYS: count > 1 ? masters.slice(0, count - 1).join() : undefined,
})

const world = await testWorld(having(1))
const { sql } = world.db
const { project, actor } = await makeAsker(world)
const ana = await makePerson(world, project)
const kept: { kept_id: string; secret: string }[] = []
for (let n = 0; n < often(210, 450); n++) {
  const secret = `text ${n}`
  const { kept_id } = await as(world, ana.actor).kept.create({ name: `database ${n}`, secret })
  kept.push({ kept_id, secret })
}
const [first, second] = [kept[0], kept[1]]
if (!first || !second) throw new Error('Two were stored.')

test('a rotation of the master key moves every release-only secret, and each leaves as what it was', async () => {
  const before = await sql`select id, sealed from kept_secrets order by id`
  const waiting = await askApproved(world, actor, ana.actor, { secret: first.kept_id })
  const next = await worldAt(world.address, having(2))
  expect(await rotate(next)).toMatchObject({ changed: true, rows: kept.length, kept: 0 })
  const [newest] = await sql`select generation from instance_keys`
  expect(await sql`select from kept_secrets where generation <> ${newest?.generation}`).toHaveLength(0)
  const after = await sql`select id, sealed from kept_secrets order by id`
  expect(after.filter(({ sealed }, at) => Buffer.from(sealed).equals(before[at]?.sealed))).toEqual([])
  // Whoever has the new key alone opens them.
  const fresh = await worldAt(world.address, { MASTER_KEY: masters[1] })
  expect(await readRelease(fresh, actor, waiting)).toMatchObject({ secret: first.secret })
  expect(await rotate(next)).toEqual({ changed: false, rows: 0, ended: 0, kept: 0 })
})

test('a text that is changed between the rotation’s reading and writing stays the newer one', async () => {
  const node = await worldAt(world.address, having(2))
  const next = await worldAt(world.address, having(2))
  const { version } = next.vault.newest()
  const generation = { version: version + 1, key: randomBytes(32) }
  const wrapped = wrapGeneration(Buffer.from(masters[1] ?? '', 'hex'), generation)
  await sql`insert into instance_keys (generation, wrapped) values (${generation.version}, ${wrapped})`
  await next.vault.refresh()
  let changed = false
  const keyOf = async (of: number) => {
    if (!changed) await as(node, ana.actor).kept.update({ kept_id: first.kept_id, secret: 'the newer one' })
    changed = true
    return next.vault.keyOf(of)
  }
  const interrupted = { ...next, vault: { ...next.vault, keyOf } }
  const { moved } = await rewrapKept(interrupted, next.db.sql, generation.version, '')
  expect([changed, moved > 0]).toEqual([true, true])
  const asked = await askApproved(node, actor, ana.actor, { secret: first.kept_id })
  expect(await readRelease(node, actor, asked)).toMatchObject({ secret: 'the newer one' })
})

test('a sealed text opens in its own row only', async () => {
  const swap = () => sql`
    update kept_secrets a set sealed = b.sealed from kept_secrets b
    where a.id <> b.id and a.id in ${sql([first.kept_id, second.kept_id])} and b.id in ${sql([first.kept_id, second.kept_id])}`
  await swap()
  const node = await worldAt(world.address, having(2))
  const asked = await askApproved(node, actor, ana.actor, { secret: second.kept_id })
  expect(await codeOf(readRelease(node, actor, asked))).toBe('INTERNAL')
  await swap()
})
