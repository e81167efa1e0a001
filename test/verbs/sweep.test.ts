import { expect, test } from 'vitest'
import { sweepApprovals } from '../../server/approvals/sweep.ts'
import { systemCtx } from '../../server/context.ts'
import { clean, startSweeper } from '../../server/jobs/sweep.ts'
import { purgeProjects } from '../../server/projects/project.ts'
import { as, asVisitor } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { codeOf } from '../refusals.ts'
import { testWorld, worldAt } from '../serve.ts'
import { eventsOf } from '../told.ts'

const world = await testWorld()
const nodes = [world, await worldAt(world.address), await worldAt(world.address), await worldAt(world.address)]
const { sql } = world.db
const owner = ownerOf(world)
const { actor } = await makeAsker(world)

test('four sweepers at once expire each of 600 approvals exactly once, at its own time', async () => {
  for (let i = 0; i < 600; i++) await makeApproval(world, actor, { key_path: `swept/${i}` })
  await sql`update approvals set expires_at = now() - interval '1 hour'`
  const counts = await Promise.all(
    nodes.map(async (node) => {
      let ended = 0
      for (let last = 1; last > 0; ended += last) last = await sweepApprovals(systemCtx(node, 'sweeper'))
      return ended
    }),
  )
  expect(counts.reduce((all, one) => all + one)).toBe(600)
  const [row] = await sql`
    select count(*)::int as told, count(distinct target)::int as approvals from events where name = 'approval.expired'`
  expect(row).toEqual({ told: 600, approvals: 600 })
  const wrong = await sql`
    select 1 from approvals where status <> 'expired' or ended_at <> expires_at or ended_by ->> 'type' <> 'system'`
  expect(wrong).toHaveLength(0)
})

test('the running sweeper tells of an expiry without anybody asking', async () => {
  const sweepers = nodes.map((node) => startSweeper(node))
  const { approval_id } = await makeApproval(world, actor)
  await sql`update approvals set expires_at = now() + interval '300 ms' where id = ${approval_id}`
  const told = () => eventsOf(sql, approval_id)
  while ((await told()).length < 2) await new Promise((resolve) => setTimeout(resolve, 50))
  await Promise.all(sweepers.map((one) => one.stop()))
  expect(await told()).toEqual(['approval.created', 'approval.expired'])
})

test('a fifth attempt whose process died before judging it is locked after half a minute, not before', async () => {
  const [dead, busy] = [
    await makeApproval(world, actor, { pin: '1234' }),
    await makeApproval(world, actor, { pin: '1234' }),
  ]
  await sql`update approvals set attempts = 5, attempted_at = now() - interval '31 s' where id = ${dead.approval_id}`
  await sql`update approvals set attempts = 5, attempted_at = now() - interval '29 s' where id = ${busy.approval_id}`
  await sweepApprovals(systemCtx(world, 'sweeper'))
  const status = async (id: string) => (await as(world, actor).approvals.get({ approval_id: id })).status
  expect([await status(dead.approval_id), await status(busy.approval_id)]).toEqual(['locked', 'pending'])
  expect(await eventsOf(sql, dead.approval_id)).toEqual(['approval.created', 'approval.locked'])
})

test('the purge leaves nothing of a demo whose time is up, and everything of what is not a demo', async () => {
  const visitor = asVisitor(world)
  const made = await visitor.demo.create({})
  const kept = await visitor.demo.create({})
  const token = made.url.slice(-26)
  const { csrf_token, action_hash } = await visitor.approvals.open({ token })
  await visitor.approvals.act({ token, action: 'reject', csrf_token, action_hash })
  const project = async (id: string) => (await sql`select project_id from approvals where id = ${id}`)[0]?.project_id
  const [gone, stays] = [await project(made.approval_id), await project(kept.approval_id)]
  await sql`update projects set purge_at = now() where id = ${gone}`
  await purgeProjects(sql)
  const left = async (id: string) => {
    const [row] = await sql`
      select (select count(*) from projects where id = ${id})::int + (select count(*) from approvals where project_id = ${id})::int
        + (select count(*) from "values" where project_id = ${id})::int + (select count(*) from api_keys where project_id = ${id})::int
        + (select count(*) from value_versions where project_id = ${id})::int + (select count(*) from events where project_id = ${id})::int as n`
    return row?.n
  }
  expect(await left(gone)).toBe(0)
  expect(await left(stays)).toBe(9) // project, approval, value, version, key; and project, approval, value and key told
  expect(await codeOf(visitor.approvals.open({ token }))).toBe('NOT_FOUND')
  expect((await sql`select 1 from approvals where project_id = ${actor.projectId}`).length).toBeGreaterThan(600)
})

test('the purge also takes what another node was writing about the demo at that moment', async () => {
  const { approval_id } = await asVisitor(world).demo.create({})
  const [{ project_id: id } = { project_id: '' }] = await sql<
    { project_id: string }[]
  >`select project_id from approvals where id = ${approval_id}`
  await sql`update approvals set expires_at = now() where id = ${approval_id}`
  let commit = () => {}
  const sweeping = nodes[1]?.db.sql.begin(async (tx) => {
    const ended = await sweepApprovals({
      ...systemCtx(world, 'sweeper'),
      world: { ...world, db: { ...world.db, sql: tx as never } },
    })
    expect(ended).toBeGreaterThan(0)
    await new Promise<void>((resolve) => {
      commit = resolve
    })
  })
  while (
    (await owner`select 1 from pg_stat_activity where state = 'idle in transaction' and datname = current_database()`)
      .length === 0
  );
  await sql`update projects set purge_at = now() where id = ${id}`
  const purging = purgeProjects(sql)
  while ((await sql`select 1 from pg_locks where not granted`).length === 0);
  commit()
  await sweeping
  expect(await purging).toBe(1)
  expect(await sql`select name from events where project_id = ${id}`).toEqual([])
})

test('what nobody can ask for any more is removed, by the database’s clock: kept replies and windows of limits', async () => {
  const soon = Date.now() + 60_000
  await sql`insert into rates (key, points, expire) values ('over', 1, ${soon - 120_000}), ('running', 1, ${soon})`
  await sql`
    insert into idempotency (slot, body_digest, operation, reply, expires_at)
    values ('over', '', '', '', now()), ('running', '', '', '', now() + interval '1 minute')`
  const ahead = await worldAt(world.address, {}, { clock: { now: () => new Date(Date.now() + 3_600_000) } })
  await Promise.all([clean(world), clean(ahead)])
  expect(await sql`select key from rates where key in ('over', 'running')`).toEqual([{ key: 'running' }])
  expect(await sql`select convert_from(slot, 'UTF8') as slot from idempotency`).toEqual([{ slot: 'running' }])
})
