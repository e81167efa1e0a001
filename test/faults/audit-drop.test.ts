import { expect, test } from 'vitest'
import { dropOld } from '../../server/audit/drop.ts'
import { prove } from '../../server/audit/proof.ts'
import { purgeProjects } from '../../server/projects/project.ts'
import { asVisitor } from '../as.ts'
import { sealAll, tampering, writeEntries } from '../audit.ts'
import { makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { testWorld, worldAt } from '../serve.ts'

const world = await testWorld()
const other = await worldAt(world.address)
const owner = ownerOf(world)
const { sql } = world.db
const proofOf = (id: string) => sql.begin((tx) => prove(tx as never, world.keys, id, []))

/** A project whose first 11 entries, in two seals, were written and sealed 40 days ago; 3 newer ones follow. */
async function aged(days: number | null) {
  // The clocks of database and node were 40 days behind.
  const then = { ...world, clock: { now: () => new Date(Date.now() - 40 * 86_400_000) } }
  await owner`alter table events alter at set default now() - interval '40 days'`
  const { id } = await makeProject(world)
  await writeEntries(then, id, 4)
  await sealAll(then)
  await writeEntries(then, id, 6)
  await sealAll(then)
  await owner`alter table events alter at set default now()`
  await writeEntries(world, id, 3)
  await sealAll(world)
  await sql`update projects set audit_days = ${days} where id = ${id}`
  return id
}

test('retention drops whole sealed ranges that are older, keeps their seals, and the chain tells of it and stays intact', async () => {
  const id = await aged(30)
  expect(await proofOf(id)).toMatchObject({ verdict: 'intact', sealed: 14, dropped: 0 })
  // Two, or more when other tests of the cluster held the horizon back between two entries.
  const [old] = await sql<{ seals: number }[]>`
    select count(*)::int as seals from seals where project_id = ${id} and at < now() - interval '30 days'`
  const seals = old?.seals ?? 0
  expect(seals).toBeGreaterThanOrEqual(2)
  await Promise.all([dropOld(world), dropOld(other)])
  const rows = await sql`select name, payload from events where project_id = ${id} order by tick, seq`
  expect(rows.map((row) => row.name)).toEqual([...Array(3).fill('value.set'), 'audit.dropped'])
  expect(rows.at(-1)?.payload).toEqual({ through: seals, rows: 11 })
  expect(await proofOf(id)).toMatchObject({
    verdict: 'intact',
    sealed: 3,
    unsealed: 1,
    dropped: 11,
    seals: seals + 1,
    faults: [],
  })
  await sealAll(world)
  expect(await proofOf(id)).toMatchObject({ verdict: 'intact', sealed: 4, unsealed: 0, dropped: 11, seals: seals + 2 })
  expect(await dropOld(world)).toBe(0)
})

test('nothing is dropped of a project that keeps its log for ever, nor by who asks for more than the retention', async () => {
  const kept = await aged(null)
  const long = await aged(50)
  await dropOld(world)
  for (const id of [kept, long]) {
    expect(await proofOf(id)).toMatchObject({ verdict: 'intact', sealed: 14, dropped: 0 })
    for (const through of [1, 2, 3, 99])
      await expect(sql`select drop_audit(${id}, ${through})`).rejects.toMatchObject({ code: '42501' })
  }
  const due = await aged(30)
  // Old enough, but the chain does not tell of it.
  await expect(sql`select drop_audit(${due}, 2)`).rejects.toMatchObject({ code: '42501' })
})

test('what the entry does not say is no retention: more or fewer rows, another range, or an entry that is not ours', async () => {
  const id = await aged(30)
  const look = (tx: typeof sql) => prove(tx, world.keys, id, [])
  const [untold] =
    await sql`select tick::text from events where project_id = ${id} order by tick, seq offset 10 limit 1`
  const gone = await tampering(
    owner,
    (tx) => tx`delete from events where project_id = ${id} and tick <= ${untold?.tick}::text::bigint`,
    look,
  )
  expect(gone.verdict).toBe('tampered')
  await dropOld(world)
  await sealAll(world)
  const told = sql`project_id = ${id} and name = 'audit.dropped'`
  const tampers = [
    (tx: typeof sql) => tx`delete from events where seq = (select min(seq) from events where project_id = ${id})`,
    (tx: typeof sql) => tx`update events set payload = '{"through": 3, "rows": 14}' where ${told}`,
    (tx: typeof sql) => tx`delete from seals where project_id = ${id} and number = 1`,
    (tx: typeof sql) => tx`update seals set rows = rows + 1, total = total + 1 where project_id = ${id} and number = 2`,
    (tx: typeof sql) => tx`update events set mac = '' where ${told}`,
  ]
  for (const tamper of tampers) expect((await tampering(owner, tamper, look)).verdict).toBe('tampered')
  expect(await proofOf(id)).toMatchObject({ verdict: 'intact' })
})

test('a throwaway project takes its audit rows and seals with it when its time is up, and not before', async () => {
  const { approval_id } = await asVisitor(world).demo.create({})
  const [row] = await sql`select project_id as id from approvals where id = ${approval_id}`
  await sealAll(world)
  const left = async () =>
    (
      await sql`
    select (select count(*)::int from events where project_id = ${row?.id}) + (select count(*)::int from seals where project_id = ${row?.id}) as n`
    )[0]?.n
  const before = await left()
  expect(before).toBeGreaterThan(1)
  await purgeProjects(sql)
  expect(await left()).toBe(before)
  await sql`update projects set purge_at = now() where id = ${row?.id}`
  await purgeProjects(sql)
  expect(await left()).toBe(0)
})
