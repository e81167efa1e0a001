import { expect, test } from 'vitest'
import { actorOfKey } from '../../server/keys/known.ts'
import { as, asVisitor } from '../as.ts'
import { makeApproval, makeAsker, makeKey } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { codeOf } from '../refusals.ts'
import { testWorld, worldAt } from '../serve.ts'
import { often } from '../thorough.ts'

const hour = 3_600_000
const world = await testWorld()
const off = (ms: number) => worldAt(world.address, {}, { clock: { now: () => new Date(Date.now() + ms) } })
const nodes = [world, await off(hour), await off(-hour)]
const { project, actor } = await makeAsker(world)
const { sql } = world.db
const owner = ownerOf(world)

const around = often(60, 300)

test(`nodes whose clocks are an hour off say the same of ${around} approvals around their expiry`, async () => {
  const made = []
  for (let i = 0; i < around; i++) made.push(await makeApproval(world, actor, { key_path: `at/${i}` }))
  // A third is long over, a third has time, a third ends about now.
  await sql`
    update approvals set expires_at = now() + make_interval(secs => (split_part(key_path, '/', 2)::int % 3 - 1) * 1800)
    where split_part(key_path, '/', 2)::int % 3 <> 1`
  for (const [i, { approval_id, token }] of made.entries()) {
    const expected = i % 3 === 0 ? 'expired' : 'pending'
    for (const node of nodes) {
      expect((await as(node, actor).approvals.get({ approval_id })).status, `${i}`).toBe(expected)
      expect((await asVisitor(node).approvals.open({ token })).status).toBe(expected)
    }
    const visitor = asVisitor(nodes[i % 3] ?? world)
    const { csrf_token, action_hash } = await visitor.approvals.open({ token })
    const act = visitor.approvals.act({ token, action: 'approve', csrf_token, action_hash })
    expect(await codeOf(act)).toBe(expected === 'pending' ? 'done' : 'APPROVAL_EXPIRED')
  }
})

test('an approval made by a node whose clock is off lives as long as it should', async () => {
  for (const node of nodes) {
    const { expires_at } = await makeApproval(node, actor)
    expect(Math.abs(Date.parse(expires_at) - Date.now() - 600_000)).toBeLessThan(30_000)
  }
})

test('a key expires by the database’s clock, also one that a node remembers', async () => {
  const { key, id } = await makeKey(world, project, 'write', { lifetime: 1800 })
  for (const node of nodes) expect(await codeOf(actorOfKey(node, key))).toBe('done')
  await owner`alter table api_keys disable trigger api_keys_notify`
  const { key: short } = await makeKey(world, project, 'write', { lifetime: 1.2 })
  for (const node of nodes) expect(await codeOf(actorOfKey(node, short))).toBe('done')
  await new Promise((resolve) => setTimeout(resolve, 1300))
  for (const node of nodes) expect(await codeOf(actorOfKey(node, short))).toBe('EXPIRED_API_KEY')
  await owner`alter table api_keys enable trigger api_keys_notify`
  await sql`update api_keys set expires_at = now() where id = ${id}`
  for (const node of [...nodes, await off(-hour)])
    expect(await codeOf(actorOfKey({ ...node, wake: { ...node.wake, isListening: () => false } }, key))).toBe(
      'EXPIRED_API_KEY',
    )
})

const atOnce = often(100, 400)

test(`of ${atOnce} decisions around the last millisecond none is made at or after it`, async () => {
  const { approvals } = as(world, actor)
  const made = []
  for (let i = 0; i < atOnce; i++) made.push(await makeApproval(world, actor, { key_path: `edge/${i}` }))
  const visitors = nodes.map((node) => asVisitor(node))
  const opened = []
  for (const [i, { token }] of made.entries())
    opened.push({
      token,
      visitor: visitors[i % 3] ?? asVisitor(world),
      page: await (visitors[i % 3] ?? asVisitor(world)).approvals.open({ token }),
    })
  const start = performance.now()
  await sql`update approvals set expires_at = now() + interval '700 ms' where key_path like 'edge/%'`
  const codes = await Promise.all(
    opened.map(async ({ token, visitor, page }, i) => {
      await new Promise((resolve) => setTimeout(resolve, start + 650 + (i * 100) / atOnce - performance.now()))
      const { csrf_token, action_hash } = page
      return codeOf(visitor.approvals.act({ token, action: 'approve', csrf_token, action_hash }))
    }),
  )
  expect(new Set(codes)).toEqual(new Set(['done', 'APPROVAL_EXPIRED']))
  const executed =
    await sql`select id, ended_at <= expires_at as before from approvals where key_path like 'edge/%' and status = 'executed'`
  expect(executed.length).toBe(codes.filter((code) => code === 'done').length)
  expect(executed.every((row) => row.before)).toBe(true)
  expect((await approvals.list({ key_path: `edge/${atOnce - 1}` })).items[0]?.status).toBe('expired')
})

test('a decision that had to wait for its row past the expiry is refused', async () => {
  const { token, approval_id } = await makeApproval(world, actor, { key_path: 'late' })
  const visitor = asVisitor(nodes[1] ?? world)
  const { csrf_token, action_hash } = await visitor.approvals.open({ token })
  await sql`update approvals set expires_at = now() + interval '500 ms' where id = ${approval_id}`
  let act: Promise<string> = Promise.resolve('')
  await sql.begin(async (tx) => {
    await tx`update approvals set attempts = attempts + 1 where id = ${approval_id}`
    act = codeOf(visitor.approvals.act({ token, action: 'approve', csrf_token, action_hash }))
    await tx`select pg_sleep(0.8)`
  })
  expect(await act).toBe('APPROVAL_EXPIRED')
  expect((await as(world, actor).approvals.get({ approval_id })).status).toBe('expired')
})
