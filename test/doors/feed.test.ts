import { describe, expect, test } from 'vitest'
import { listening } from '../../server/feed/hub.ts'
import { as } from '../as.ts'
import { bearer, listen } from '../events.ts'
import { asker } from '../http.ts'
import { makeApproval, makeAsker, makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'

const service = await serve()
const { url, world } = service
const ask = asker(url)
const names = (heard: { event: string }[]) => heard.map((one) => one.event)

/** Until what happened is behind us for every listener: nothing of it comes later. */
async function marked(actor: Parameters<typeof as>[1], key_path: string) {
  await as(world, actor).values.put({ key_path, value: 'mark' })
}

describe('the event stream', () => {
  test('tells what happens from now on, in the words of the audit log, one line of JSON each', async () => {
    const { actor, project } = await makeAsker(world)
    const { key } = await makeKey(world, project, 'admin')
    await makeApproval(world, actor)
    const stream = await listen(url, bearer(key))
    expect(stream.status).toBe(200)
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-ratelimit-limit': '1000000',
    })
    expect(Object.keys(stream.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    const made = await makeApproval(world, actor, { ref_id: 'line\u2028break' })
    const [created] = await stream.until(1)
    expect(created).toMatchObject({
      event: 'approval.created',
      data: {
        action: 'approval.created',
        actor: { type: 'key', id: actor.id },
        target: `approval:${made.approval_id}`,
        context: { approval_id: made.approval_id, key_path: 'deploy/prod', ref_id: 'line\u2028break' },
        ip: '127.0.0.1',
      },
    })
    expect(Object.keys(created?.data ?? {}).toSorted()).toEqual([
      'action',
      'actor',
      'at',
      'context',
      'id',
      'ip',
      'request_id',
      'seal',
      'target',
      'user_agent',
    ])
    stream.close()
  })
  test('goes on after the last id, by header and by query, without a gap and without a repetition', async () => {
    const { actor, key } = await makeAsker(world)
    const first = await listen(url, bearer(key))
    for (let n = 0; n < 3; n++) await marked(actor, `n/${n}`)
    const [one, two] = await first.until(3)
    first.close()
    for (let n = 3; n < 6; n++) await marked(actor, `n/${n}`)
    const paths = (heard: { data: Record<string, unknown> }[]) =>
      heard.map(({ data }) => (data.context as { key_path: string }).key_path)
    const byHeader = await listen(url, { ...bearer(key), 'last-event-id': two?.id ?? '' })
    expect(paths(await byHeader.until(4))).toEqual(['n/2', 'n/3', 'n/4', 'n/5'])
    const byQuery = await listen(url, bearer(key), `?last_event_id=${one?.id}`)
    expect(paths(await byQuery.until(5))).toEqual(['n/1', 'n/2', 'n/3', 'n/4', 'n/5'])
    const both = await listen(url, { ...bearer(key), 'last-event-id': byQuery.lastId() }, `?last_event_id=${one?.id}`)
    await marked(actor, 'n/6')
    expect(paths(await both.until(1))).toEqual(['n/6'])
    for (const stream of [byHeader, byQuery]) expect(paths(await stream.until(5)).at(-1)).toBe('n/6')
    for (const stream of [byHeader, byQuery, both]) stream.close()
  })
  test('refuses an id that it never gave, a foreign project, and other methods', async () => {
    const { key } = await makeAsker(world)
    const other = await makeProject(world)
    for (const id of ['x', '1-2-3', '-1-2', 'ZZ-1', '1', `${'z'.repeat(12)}-1`, "1'-1"])
      expect((await ask('GET', `/v1/events?last_event_id=${encodeURIComponent(id)}`, { key })).status).toBe(400)
    expect((await ask('GET', `/v1/events?project=${other.id}`, { key })).status).toBe(404)
    expect((await ask('GET', '/v1/events', { key: 'nope' })).body.code).toBe('INVALID_API_KEY')
    expect((await ask('GET', '/v1/events')).status).toBe(401)
    expect((await ask('POST', '/v1/events', { key })).headers.allow).toBe('GET')
    expect((await ask('GET', '/v1/events?resume=1-1', { key })).status).toBe(400)
  })
  test('is not begun by HEAD, and a client that leaves leaves nothing behind', async () => {
    const { key } = await makeAsker(world)
    const before = listening(world)
    expect((await ask('HEAD', '/v1/events', { key })).status).toBe(200)
    expect(listening(world)).toBe(before)
    const many = await Promise.all(Array.from({ length: 20 }, () => listen(url, bearer(key))))
    while (listening(world) < before + 20) await new Promise((resolve) => setTimeout(resolve, 5))
    for (const stream of many) stream.close()
    while (listening(world) > before) await new Promise((resolve) => setTimeout(resolve, 5))
  })
  test('counts once for each connection', async () => {
    const strict = await serve({ RATE_LIMITS: 'everything else=2/60' })
    const { key, actor } = await makeAsker(strict.world)
    const one = await listen(strict.url, bearer(key))
    for (let n = 0; n < 5; n++) await as(strict.world, actor).values.put({ key_path: `n/${n}`, value: 'x' })
    await one.until(5)
    expect((await listen(strict.url, bearer(key))).status).toBe(200)
    expect((await listen(strict.url, bearer(key))).status).toBe(429)
    await strict.close()
  })
})

describe('who is told of what', () => {
  test('a key is told what its scopes and paths let it read; the mark that all hear says that nothing else came', async () => {
    const project = await makeProject(world)
    const admin = await makeKey(world, project, 'admin')
    const only = async (scopes: string[], keyPaths: string[] | null = null) =>
      listen(url, bearer((await makeKey(world, project, 'write', { scopes: scopes as never, keyPaths })).key))
    const streams = {
      values: await only(['values:read']),
      approvals: await only(['approvals:read']),
      audit: await only(['audit:read']),
      within: await only(['values:read', 'approvals:read'], ['app']),
      outside: await only(['values:read', 'approvals:read'], ['else']),
    }
    expect((await only(['secrets:read'])).status).toBe(403)
    await marked(admin.actor, 'app/x')
    await makeApproval(world, admin.actor, { key_path: 'apple' })
    await makeApproval(world, admin.actor, { key_path: 'app' })
    await marked(admin.actor, 'else')
    await makeApproval(world, admin.actor, { key_path: 'else' })
    expect(names(await streams.values.until(2))).toEqual(['value.set', 'value.set'])
    expect(names(await streams.approvals.until(3))).toEqual(Array(3).fill('approval.created'))
    expect(names(await streams.within.until(2))).toEqual(['value.set', 'approval.created'])
    expect(names(await streams.outside.until(2))).toEqual(['value.set', 'approval.created'])
    await makeKey(world, project)
    const told = await streams.audit.until(1)
    expect(new Set(names(told))).toEqual(new Set(['key.created']))
    expect(streams.values.heard[0]?.data).toMatchObject({ ip: null, user_agent: null, request_id: null })
    expect(told[0]?.data.request_id).not.toBeNull()
    for (const stream of Object.values(streams)) stream.close()
  })
  test('nobody is told of another project, nor a test key of live objects', async () => {
    const here = await makeAsker(world)
    const there = await makeAsker(world)
    const stream = await listen(url, bearer(here.key))
    await marked(there.actor, 'theirs')
    await marked(here.actor, 'ours')
    expect((await stream.until(1)).map((one) => one.data.target)).toEqual(['value:ours'])
    stream.close()
  })
})

describe('a session', () => {
  test('opens the stream of a project that is one’s own, by role, and REST nowhere else', async () => {
    const { project, actor } = await makeAsker(world)
    const mia = await makePerson(world, project, 'MEMBER')
    const ana = await makePerson(world, project, 'ADMIN')
    const other = await makeProject(world)
    const at = (person: { cookie: string }, query: string) => listen(url, { cookie: person.cookie }, query)
    const [member, admin] = [await at(mia, `?project=${project.id}`), await at(ana, `?project=${project.id}`)]
    expect([member.status, admin.status]).toEqual([200, 200])
    expect((await at(mia, `?project=${other.id}`)).status).toBe(404)
    expect((await at(mia, '')).status).toBe(404)
    expect((await at({ cookie: `${mia.cookie}x` }, `?project=${project.id}`)).status).toBe(401)
    await makeKey(world, project)
    await marked(actor, 'by/key')
    expect(names(await member.until(1))).toEqual(['value.set'])
    expect(names(await admin.until(2))).toEqual(['key.created', 'value.set'])
    for (const path of ['/v1/approvals', '/v1/keys', '/v1/audit', '/v1/users', '/v1/api-keys', '/v1/key/by/key'])
      expect((await ask('GET', `${path}?project=${project.id}`, { headers: { cookie: ana.cookie } })).status).not.toBe(
        200,
      )
    member.close()
    admin.close()
  })
})

describe('a stream ends', () => {
  test('about a second after its key is revoked, its session is, its membership is', async () => {
    const { project, key, id } = await makeAsker(world)
    const mia = await makePerson(world, project, 'MEMBER')
    const ana = await makePerson(world, project, 'ADMIN')
    const stays = await listen(url, bearer((await makeKey(world, project, 'read')).key))
    const byKey = await listen(url, bearer(key))
    const bySession = await listen(url, { cookie: mia.cookie }, `?project=${project.id}`)
    const byMembership = await listen(url, { cookie: ana.cookie }, `?project=${project.id}`)
    await world.db.sql`update api_keys set revoked_at = now() where id = ${id}`
    await byKey.ended
    await world.db.sql`delete from sessions where id = ${mia.sessionId}`
    await bySession.ended
    await world.db.sql`update memberships set disabled_at = now() where person_id = ${ana.id}`
    await byMembership.ended
    const { actor } = await makeKey(world, project)
    await marked(actor, 'after')
    expect(names(await stays.until(1))).toEqual(['value.set'])
    expect([byKey, bySession, byMembership].flatMap((one) => names(one.heard))).not.toContain('value.set')
    stays.close()
  })
  test('or tells less, when its role is less', async () => {
    const { project, actor } = await makeAsker(world)
    const ana = await makePerson(world, project, 'ADMIN')
    const stream = await listen(url, { cookie: ana.cookie }, `?project=${project.id}`)
    await makeKey(world, project)
    await stream.until(1)
    await world.db.sql`update memberships set role = 'VIEWER' where person_id = ${ana.id}`
    await new Promise((resolve) => setTimeout(resolve, 1000))
    await makeKey(world, project)
    await marked(actor, 'seen')
    expect(names(await stream.until(2))).toEqual(['key.created', 'value.set'])
    stream.close()
  })
  test('when the service closes, saying when to come back; what happened meanwhile is told then', async () => {
    const first = await serve()
    const { key, actor } = await makeAsker(first.world)
    const stream = await listen(first.url, bearer(key))
    await as(first.world, actor).values.put({ key_path: 'one', value: 'x' })
    await stream.until(1)
    const closing = first.close()
    await stream.ended
    await closing
    expect(stream.text()).toMatch(/\nretry: \d{3,4}\n\n$/)
  })
})
