import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { rewrapAccounts } from '../../server/accounts/rewrap.ts'
import { resealSeed } from '../../server/accounts/sealing.ts'
import { rotate } from '../../server/instance/rotation.ts'
import type { Sql } from '../../server/lib/driver/connect.ts'
import { base32Of } from '../../server/lib/totp.ts'
import { wrapGeneration } from '../../server/vault.ts'
import type { World } from '../../server/world.ts'
import { makeAccount } from '../accounts.ts'
import { as } from '../as.ts'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { serve, testWorld, worldAt } from '../serve.ts'
import { often } from '../thorough.ts'
import { until } from '../until.ts'

const masters = Array.from({ length: 4 }, () => randomBytes(32).toString('hex'))
/** The variables of somebody who has the first so many keys; the last of them is the present one. */
const having = (count: number) => ({
  MASTER_KEY: masters[count - 1],
  PREVIOUS_MASTER_KEYS: count > 1 ? masters.slice(0, count - 1).join() : undefined,
})
// One instant for every node, so that codes can be compared.
const clock = { now: () => new Date('2026-03-01T12:00:00Z') }

async function filled(world: World, count: number) {
  const project = await makeProject(world)
  const { actor } = await makePerson(world, project)
  const seeds = new Map<string, Buffer>()
  for (let n = 0; n < count; n++) {
    const seed = randomBytes(20)
    seeds.set((await makeAccount(world, project, { seed })).id, seed)
  }
  const codes = async (at: World) => {
    const said = new Map<string, string | undefined>()
    const ids = [...seeds.keys()]
    for (let from = 0; from < ids.length; from += 200) {
      const { items } = await as(at, actor).accounts.codes({ ids: ids.slice(from, from + 200).join() })
      for (const { id, code, error_code } of items) said.set(id, code ?? error_code)
    }
    return said
  }
  return { project, actor, seeds, codes }
}

describe('a rotation of the master key', async () => {
  const world = await testWorld(having(1), { clock })
  const { actor, seeds, codes } = await filled(world, often(450, 3000))
  const before = await codes(world)

  test('moves every seed, and every code stays what it was', async () => {
    const sealed = await world.db.sql`select id, seed from accounts order by id`
    const next = await worldAt(world.address, having(2), { clock })
    expect(await rotate(next)).toMatchObject({ changed: true, rows: seeds.size, kept: 0 })
    const generations = await world.db.sql`select generation from instance_keys`
    expect(generations).toHaveLength(1)
    expect(await world.db.sql`select from accounts where key_version <> ${generations[0]?.generation}`).toHaveLength(0)
    const moved = await world.db.sql`select id, seed from accounts order by id`
    expect(moved.filter(({ seed }, at) => Buffer.from(seed).equals(sealed[at]?.seed))).toEqual([])
    // Whoever has the new key alone gives the same codes and the same seeds.
    const fresh = await worldAt(world.address, { MASTER_KEY: masters[1] }, { clock })
    expect(await codes(fresh)).toEqual(before)
    for (const [accountId, seed] of [...seeds].slice(0, 5))
      expect((await as(fresh, actor).accounts.export({ accountId })).secret).toBe(base32Of(seed))
    expect(await rotate(next)).toEqual({ changed: false, rows: 0, ended: 0, kept: 0 })
  })
  test('is survived by a node that had not heard of it: it adds and changes under the new key by itself', async () => {
    const behind = [
      await worldAt(world.address, having(3), { clock }),
      await worldAt(world.address, having(3), { clock }),
    ]
    const ahead = await worldAt(world.address, having(3), { clock })
    await rotate(ahead)
    const [adding, changing] = behind as [World, World] // two were made
    const wish = { name: 'late', secret: 'JBSWY3DPEHPK3PXP' }
    const once = { idempotency: { key: 'late', credential: 'text', body: wish } }
    const { id } = await as(adding, actor, once).accounts.create(wish)
    const secret = 'GEZDGNBVGY3TQOJQ'
    await as(changing, actor).accounts.update({ accountId: id, secret })
    expect((await as(ahead, actor).accounts.export({ accountId: id })).secret).toBe(secret)
  })
})

describe('a seed that is changed between the rotation’s reading and writing', async () => {
  const world = await testWorld(having(1))
  const { actor, project } = await filled(world, 0)
  const newer = 'GEZDGNBVGY3TQOJQ'
  type Rewrap = (world: World, sql: Sql, to: number, after: string) => Promise<unknown>

  /** Moves one row while somebody changes its seed, on a node that knows the new generation or one that does not. */
  async function raced(rewrap: Rewrap, knows: boolean): Promise<string> {
    const { id: accountId } = await makeAccount(world, project, { seed: randomBytes(20) })
    const [node, behind] = [await worldAt(world.address, having(1)), await worldAt(world.address, having(1))]
    const next = await worldAt(world.address, having(1))
    const { version } = next.vault.newest()
    const generation = { version: version + 1, key: randomBytes(32) }
    const wrapped = wrapGeneration(Buffer.from(masters[0] ?? '', 'hex'), generation)
    await next.db.sql`insert into instance_keys (generation, wrapped) values (${version + 1}, ${wrapped})`
    await Promise.all([next.vault.refresh(), node.vault.refresh()])
    let changed = false
    const keyOf = async (of: number) => {
      if (!changed) await as(knows ? node : behind, actor).accounts.update({ accountId, secret: newer })
      changed = true
      return next.vault.keyOf(of)
    }
    const interrupted = { ...next, vault: { ...next.vault, keyOf } }
    // The pages are small, and rows of the other tries are under older generations still: this one is the newest.
    const [before] = await world.db.sql`select max(id) as id from accounts where id < ${accountId}`
    await rewrap(interrupted, next.db.sql, version + 1, before?.id ?? '')
    expect(changed).toBe(true)
    return (await as(next, actor).accounts.export({ accountId })).secret
  }

  test.each([true, false])('stays, whether or not the new generation was known there (%s)', async (knows) => {
    expect(await raced(rewrapAccounts, knows)).toBe(newer)
  })
  test('is lost to one that writes back what it read (control)', async () => {
    const naive: Rewrap = async (at, sql, to, after) => {
      const [row] = await sql<{ id: string; seed: Uint8Array; key_version: number }[]>`
        select id, seed, key_version from accounts where id > ${after} order by id limit 1`
      const { id = '', seed = Buffer.alloc(0), key_version: keyVersion = 0 } = row ?? {}
      const moved = await resealSeed(at, { id, projectId: project.id }, { seed, keyVersion }, to)
      await sql`update accounts set seed = ${moved}, key_version = ${to} where id = ${id}`
    }
    expect(await raced(naive, true)).not.toBe(newer)
  })
})

describe('a sealed seed', async () => {
  const service = await serve(having(1))
  const { world } = service
  const { actor, seeds, project } = await filled(world, 2)
  const [one = '', two = ''] = [...seeds.keys()]

  test('opens in its own row only: swapped with another one neither gives a code', async () => {
    const { sql } = world.db
    const swap = () =>
      sql`update accounts a set seed = b.seed from accounts b where a.id <> b.id and a.id in ${sql([one, two])} and b.id in ${sql([one, two])}`
    await swap()
    for (const ids of [one, two, `${one},${two}`])
      expect(await codeOf(as(world, actor).accounts.codes({ ids }))).toBe('INTERNAL')
    expect(await codeOf(as(world, actor).accounts.export({ accountId: one }))).toBe('INTERNAL')
    await swap()
    const { items } = await as(world, actor).accounts.codes({ ids: `${one},${two}` })
    expect(items.map(({ code }) => code)).toEqual([expect.stringMatching(/^\d{6}$/), expect.stringMatching(/^\d{6}$/)])
  })
  test('opens in its own project and under its own generation only', async () => {
    const { sql } = world.db
    const other = await makeProject(world)
    await sql`update accounts set project_id = ${other.id} where id = ${two}`
    const stranger = await makePerson(world, other)
    expect(await codeOf(as(world, stranger.actor).accounts.codes({ ids: two }))).toBe('INTERNAL')
    await sql`update accounts set project_id = ${project.id} where id = ${two}`
    expect(await codeOf(as(world, actor).accounts.codes({ ids: two }))).toBe('done')
  })
  test('under a key that this node was not given is told of by readyz, gives KEY_MISSING, and hides no other', async () => {
    const ahead = await worldAt(world.address, having(2))
    const readyz = async () => {
      const reply = await fetch(`${service.url}/readyz`)
      return [reply.status, (await reply.json()).lacks]
    }
    expect(await readyz()).toEqual([200, undefined])
    await rotate(ahead)
    await until(async () => (await readyz())[0] === 503)
    expect(await readyz()).toEqual([503, 'master key'])
    // This process remembers the generation that has gone, and not the one that came.
    const { items } = await as(world, actor).accounts.codes({ ids: one })
    expect(items).toMatchObject([{ id: one, error_code: 'KEY_MISSING' }])
    const wish = { name: 'late', secret: 'JBSWY3DPEHPK3PXP' }
    expect(await codeOf(as(world, actor).accounts.create(wish))).toBe('KEY_MISSING')
    expect(await codeOf(as(world, actor).accounts.export({ accountId: one }))).toBe('KEY_MISSING')
    expect(await codeOf(as(ahead, actor).accounts.create(wish))).toBe('done')
  })
})
