import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeApproval, makeAsker, makeKey, makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db
const ids = (list: { approval_id: string }[]) => list.map((one) => one.approval_id)

describe('the inbox', () => {
  test('parts what waits for the asker from what waits for others, soonest to expire first', async () => {
    const { project, actor } = await makeAsker(world)
    const mia = await makePerson(world, project, 'MEMBER')
    const ana = await makePerson(world, project, 'ADMIN')
    const vic = await makePerson(world, project, 'VIEWER')
    const late = await makeApproval(world, actor, { ttl_seconds: 5000 })
    const soon = await makeApproval(world, actor, { ttl_seconds: 500, link: 'signed_in' })
    const named = await makeApproval(world, actor, { ttl_seconds: 1000, approvers: [{ any_of: ['role:ADMIN'] }] })
    const used = await makeApproval(world, actor)
    await as(world, actor).approvals.invalidate({ approval_id: used.approval_id })
    const seen = await as(world, mia.actor).inbox.get({})
    expect(ids(seen.needs_me)).toEqual([soon.approval_id, late.approval_id])
    expect(ids(seen.waiting)).toEqual([named.approval_id])
    expect(ids(seen.recent)).toEqual([used.approval_id])
    expect(seen.counts).toEqual({ needs_me: 2, waiting: 1 })
    expect(ids((await as(world, ana.actor).inbox.get({})).needs_me)).toEqual(ids([soon, named, late]))
    const viewer = await as(world, vic.actor).inbox.get({})
    expect(viewer.counts).toEqual({ needs_me: 0, waiting: 3 })
  })
  test('shows at most 50 of each and the last 20 that ended, and counts the rest', async () => {
    const { project, actor } = await makeAsker(world)
    const mia = await makePerson(world, project, 'MEMBER')
    for (let i = 0; i < 75; i++) await makeApproval(world, actor, { ref_id: `n${i}` })
    const all = await as(world, actor).approvals.list({ limit: 100 })
    await as(world, mia.actor).approvals.invalidateMany({ approval_ids: ids(all.items.slice(0, 22)) })
    const seen = await as(world, mia.actor).inbox.get({})
    expect(seen.needs_me).toHaveLength(50)
    expect(seen.recent).toHaveLength(20)
    expect(seen.counts).toEqual({ needs_me: 53, waiting: 0 })
  })
  test('is of one project only, and never holds what has expired without being swept', async () => {
    const { project, actor } = await makeAsker(world)
    const mia = await makePerson(world, project, 'MEMBER')
    const { approval_id } = await makeApproval(world, actor)
    const other = await makePerson(world, await makeProject(world), 'OWNER')
    expect((await as(world, other.actor).inbox.get({})).counts).toEqual({ needs_me: 0, waiting: 0 })
    await sql`update approvals set expires_at = now() where id = ${approval_id}`
    expect((await as(world, mia.actor).inbox.get({})).needs_me).toEqual([])
  })
  test('shows keys that deserve a look to who may see keys, and to nobody else', async () => {
    const { project, id } = await makeAsker(world)
    await makeKey(world, project)
    const ana = await makePerson(world, project, 'ADMIN')
    const mia = await makePerson(world, project, 'MEMBER')
    await sql`update api_keys set created_at = now() - interval '100 days' where id = ${id}`
    const { key_health } = await as(world, ana.actor).inbox.get({})
    expect(key_health.map((key) => [key.id, key.alerts])).toEqual([[id, ['old', 'unused']]])
    expect((await as(world, mia.actor).inbox.get({})).key_health).toEqual([])
  })
  test('is for people, not for keys', async () => {
    const { actor } = await makeAsker(world)
    expect(await codeOf(as(world, actor).inbox.get({}))).toBe('SIGNED_OUT')
  })
})

describe('its indexes', () => {
  test('spare it from reading 20 000 approvals', async () => {
    const { project, actor } = await makeAsker(world)
    const other = await makeAsker(world)
    const models = [
      (await makeApproval(world, actor)).approval_id,
      (await makeApproval(world, other.actor)).approval_id,
    ]
    // In pieces: tests of other files share the server, and a long transaction holds up what they wait for.
    for (let from = 1; from <= 10_000; from += 5000)
      await sql`
        insert into approvals (id, project_id, link_digest, key_path, actions, action_hash, comment, created_by, expires_at,
          status, ended_at, ended_by)
        select substr(id, 1, 16) || lpad(n::text, 10, '0'), project_id, link_digest || decode(md5(n::text), 'hex'), key_path, actions, action_hash, comment,
          created_by, now() + random() * interval '1 day', case when n % 2 = 0 then 'pending' else 'expired' end,
          case when n % 2 = 0 then null else now() - random() * interval '1 day' end, created_by
        from approvals, generate_series(${from}::int, ${from + 4999}::int) n
        where id = any (${models})`
    await ownerOf(world)`analyze approvals`
    const plan = async (query: string) =>
      JSON.stringify(await sql.unsafe(`explain ${query.replaceAll('$1', `'${project.id}'`)}`))
    expect(
      await plan(`select id from approvals a where a.project_id = $1 and a.status = 'pending' and a.expires_at > now()
        order by a.expires_at limit 5000`),
    ).not.toMatch(/Seq Scan/)
    expect(
      await plan(
        'select id from approvals a where a.project_id = $1 and a.ended_at is not null order by a.ended_at desc limit 20',
      ),
    ).toMatch(/Index.* using approvals_ended/)
    const mia = await makePerson(world, project, 'MEMBER')
    const seen = await as(world, mia.actor).inbox.get({})
    expect(seen.counts).toEqual({ needs_me: 5000, waiting: 0 })
  })
})
