import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { headsDir, keptHeads } from '../../server/audit/heads.ts'
import { openKeeper } from '../../server/audit/keeper.ts'
import { prove } from '../../server/audit/proof.ts'
import { sealRound } from '../../server/audit/seal.ts'
import { startSealer } from '../../server/jobs/seal.ts'
import type { World } from '../../server/world.ts'
import { sealAll, tampering, writeEntries } from '../audit.ts'
import { makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { testWorld, worldAt } from '../serve.ts'

const directory = mkdtempSync(join(tmpdir(), 'countersign-seal-'))
afterAll(() => rmSync(directory, { recursive: true }))
const world = await testWorld({ DATA_DIR: directory })
const nodes = [world, await worldAt(world.address, { DATA_DIR: directory })]
const owner = ownerOf(world)
const { sql } = world.db
const proofOf = (id: string) => sql.begin((tx) => prove(tx as never, world.keys, id, []))

/** Seals as if nobody else did: without the lock, and by what was newest a moment ago. */
async function sealWithoutTurn(node: World): Promise<boolean> {
  const alone = new Proxy(node.db.sql, {
    get(target, name) {
      if (name !== 'begin') return Reflect.get(target, name)
      return (work: (tx: unknown) => unknown) =>
        target.begin((tx) =>
          work(
            new Proxy(tx, {
              apply(inner, self, args) {
                if (!String(args[0]).includes('pg_try_advisory_xact_lock')) return Reflect.apply(inner, self, args)
                return Promise.resolve([{ mine: true }])
              },
            }),
          ),
        )
    },
  })
  return sealRound({ ...node, db: { ...node.db, sql: alone } }).then(
    () => true,
    () => false,
  )
}

describe('nodes that seal at once', () => {
  test('make one chain, and no round fails', async () => {
    const { id } = await makeProject(world)
    let [writing, written] = [true, 0]
    const writers = Promise.all(
      Array.from({ length: 4 }, async () => {
        // Until there is more than one seal, too: other tests of the cluster can hold the horizon back that long.
        do {
          await writeEntries(world, id, 100)
          written += 100
        } while ((await sql`select from seals where project_id = ${id}`).length < 2)
      }),
    ).then(() => {
      writing = false
    })
    const sealing = nodes.flatMap((node) =>
      Array.from({ length: 2 }, async () => {
        while (writing) await sealRound(node)
      }),
    )
    await Promise.all([writers, ...sealing])
    await sealAll(world)
    const proof = await proofOf(id)
    expect(proof).toMatchObject({ verdict: 'intact', sealed: 1 + written, unsealed: 0, faults: [] })
    expect(proof.seals).toBeGreaterThan(1)
  })

  test('without a turn seal entries twice or collide, which the proof tells (control)', async () => {
    const { id } = await makeProject(world)
    const isSpoilt = async () => (await proofOf(id)).verdict === 'tampered'
    let [failed, spoilt] = [0, false]
    for (let round = 0; round < 200 && !(failed > 0 && spoilt); round++) {
      await writeEntries(world, id, 2)
      const done = await Promise.all([...nodes, ...nodes].map(sealWithoutTurn))
      failed += done.filter((one) => !one).length
      spoilt ||= await isSpoilt()
    }
    expect([failed > 0, spoilt]).toEqual([true, true])
  })
})

test('a transaction that commits late is in a later seal, and none is missed', async () => {
  const { id } = await makeProject(world)
  await sealAll(world)
  let commit = () => {}
  const late = sql.begin(async (tx) => {
    await writeEntries({ ...world, db: { ...world.db, sql: tx as never } }, id, 1)
    await new Promise<void>((resolve) => {
      commit = resolve
    })
  })
  while (
    (await owner`select from pg_stat_activity where state = 'idle in transaction' and datname = current_database()`)
      .length === 0
  );
  await writeEntries(world, id, 3)
  await sealRound(world)
  expect(await proofOf(id)).toMatchObject({ verdict: 'intact', sealed: 1, unsealed: 3 })
  commit()
  await late
  await sealAll(world)
  expect(await proofOf(id)).toMatchObject({ verdict: 'intact', sealed: 5, unsealed: 0 })
})

test('a quiet project gets a checkpoint, and a throwaway one none', async () => {
  const { id } = await makeProject(world)
  await sealAll(world)
  const later = { ...world, clock: { now: () => new Date(Date.now() + 3_700_000) } }
  const { heads } = await sealRound(later, new Date())
  expect(heads.map((head) => head.project_id)).toContain(id)
  expect(await proofOf(id)).toMatchObject({ verdict: 'intact', seals: 2, sealed: 1 })
  expect((await sealRound(later, new Date())).heads).toEqual([])
})

test('ticks grow on after a dump is loaded where transaction ids are lower', async () => {
  const { id } = await makeProject(world)
  await writeEntries(world, id, 2)
  await sealAll(world)
  const far = 4_000_000_000
  await owner.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    // As the dump of another cluster would say.
    await tx`update instance set tick_offset = tick_offset + ${far}`
    await tx`update events set tick = tick + ${far}`
    await tx`update seals set from_tick = from_tick + ${far}, to_tick = to_tick + ${far}`
    await tx`update instance set tick_offset = 0`
  })
  const [before] = await sql`select max(tick)::float8 as tick from events`
  const restored = await worldAt(world.address, { DATA_DIR: directory })
  await writeEntries(restored, id, 1)
  const [after] = await sql`select max(tick)::float8 as tick from events`
  expect(after?.tick).toBeGreaterThan(before?.tick)
  const [offset] = await sql`select tick_offset::text as offset from instance`
  await worldAt(world.address, { DATA_DIR: directory })
  expect(await sql`select tick_offset::text as offset from instance`).toEqual([offset])
  await sealAll(restored)
  expect((await sql`select from events where tick >= (select max(to_tick) from seals)`).length).toBe(0)
})

describe('heads outside the database', () => {
  test('are written by the node that sealed, for it alone to read, and prove that the end is gone', async () => {
    const { id } = await makeProject(world)
    const sealer = startSealer(world)
    await writeEntries(world, id, 3)
    await expect
      .poll(async () => (await keptHeads(headsDir(world.config), id)).at(-1)?.total, { timeout: 20_000 })
      .toBe(4)
    await sealer.stop()
    const dir = headsDir(world.config)
    for (const name of readdirSync(dir)) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600)
    const kept = await keptHeads(dir, id)
    expect(
      readFileSync(join(dir, `${id}.ndjson`), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(1)
    const proof = await tampering(
      owner,
      async (tx) => {
        await tx`delete from events where project_id = ${id}`
        await tx`delete from seals where project_id = ${id}`
      },
      (tx) => prove(tx, world.keys, id, kept),
    )
    expect(proof.verdict).toBe('tampered')
  })

  test('are not replaced by a chain that lost its end', async () => {
    const { id } = await makeProject(world)
    const keeper = openKeeper(world)
    const dir = headsDir(world.config)
    const seal = async () => {
      let heads = await sealRound(world)
      while (!heads.heads.some((head) => head.project_id === id)) heads = await sealRound(world)
      return heads.heads.filter((head) => head.project_id === id)
    }
    await keeper.keep(await seal())
    await writeEntries(world, id, 1)
    await keeper.keep(await seal())
    const before = await keptHeads(dir, id)
    await owner.begin(async (tx) => {
      await tx`set local session_replication_role = replica`
      await tx`delete from seals where project_id = ${id} and number = 2`
      await tx`delete from events where project_id = ${id} and name = 'value.set'`
    })
    await writeEntries(world, id, 1)
    for (const kept of [keeper, openKeeper(world)])
      await kept.keep(await seal().finally(() => writeEntries(world, id, 1)))
    expect(await keptHeads(dir, id)).toEqual(before)
    expect(await sql.begin((tx) => prove(tx as never, world.keys, id, before))).toMatchObject({ verdict: 'tampered' })
  })
})
