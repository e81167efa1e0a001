import { beforeAll, describe, expect, test } from 'vitest'
import { atLeast, type Role, roleOf, roles } from '../../shared/roles.ts'
import { liveOnly, type Scope } from '../../shared/scopes.ts'
import { as } from '../as.ts'
import { testDb } from '../db.ts'
import { fingerprint } from '../fingerprint.ts'
import { heardAll } from '../heard.ts'
import { type Ask, asker, type Reply } from '../http.ts'
import { makeKeyOf } from '../invited.ts'
import { makeKey, makeProject } from '../make.ts'
import { dashboardHeaders, makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { type Case, inputFor, lacking, namesAny, namesOne, overRest, overTrpc, restOf, trpcOf } from '../tenants.ts'
import { type Ids, makeVictim, nobodys } from '../victim.ts'

const { address, db } = await testDb({ max: 2 })
const { url, world } = await serve({}, { address })
const ask = asker(url)
const victim = await makeVictim(world)
const { project } = victim

/** A project of somebody else, with a key that may do everything there; made anew for each operation. */
async function attacker() {
  const other = await makeProject(world)
  return { other, owner: await makePerson(world, other, 'OWNER'), ...(await makeKey(world, other, 'admin')) }
}

type Answer = { status: number; code: unknown; text: string }

/** A reply without what may differ between two replies that say the same. */
function said(reply: Reply, ids: Ids): Answer {
  let text = reply.text.replaceAll(String(reply.headers['x-request-id']), 'REQUEST')
  for (const [name, id] of Object.entries(ids)) text = text.replaceAll(id, name)
  const { error } = reply.body as { error?: { data?: { code?: unknown } } }
  return { status: reply.status, code: reply.body.code ?? error?.data?.code, text }
}

/** What begins to answer and never ends is cut after a moment. */
async function streamed(path: string, headers: Record<string, string>): Promise<Reply> {
  const cut = new AbortController()
  const reply = await fetch(url + path, { headers, signal: cut.signal })
  let text = ''
  const read = (async () => {
    const reader = reply.body?.getReader()
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
      text += Buffer.from(part.value).toString()
  })().catch(() => undefined)
  await Promise.race([read, new Promise((resolve) => setTimeout(resolve, 300))])
  cut.abort()
  const body = /^application\/json/.test(reply.headers.get('content-type') ?? '') ? JSON.parse(text) : {}
  return { status: reply.status, headers: Object.fromEntries(reply.headers), text, body }
}

async function byRest(one: Case, how: { key?: string; headers?: Record<string, string> }, ids = victim.ids, more = {}) {
  const { method, path, body } = restOf(one, inputFor(one, ids), more)
  const headers = { ...how.headers, ...(how.key ? { authorization: `Bearer ${how.key}` } : {}) }
  if (one.entry.streams) return said(await streamed(path, headers), ids)
  return said(await ask(method, path, { headers, body }), ids)
}

async function byTrpc(one: Case, headers: Ask['headers'], ids = victim.ids): Promise<Answer> {
  const { method, path, body } = trpcOf(one, inputFor(one, ids))
  return said(await ask(method, path, { ...(headers ? { headers } : {}), body }), ids)
}

/** Runs a try against project A, and shows that all of A is as it was. */
async function untouched<Answer>(attempt: () => Promise<Answer>, options?: { twin?: boolean }): Promise<Answer> {
  const before = await fingerprint(db.sql, victim, options)
  const answer = await attempt()
  expect(await fingerprint(db.sql, victim, options)).toBe(before)
  return answer
}

const withoutMarks = ({ text }: Answer) => expect(victim.marks.filter((mark) => text.includes(mark))).toEqual([])
const leastOf = ({ entry }: Case): Role[] =>
  [entry.access, ...(entry.orAccess ?? [])].map((scope) => roleOf[scope as Scope]) // no scoped entry is public
const below = (one: Case): Role[] => roles.filter((role) => !leastOf(one).some((least) => atLeast(role, least)))

let dead: { revoked: string; off: string; orphan: string; demoted: string }
beforeAll(async () => {
  const { users } = as(world, victim.owner.actor)
  const [gone, demoted] = [await makePerson(world, project, 'ADMIN'), await makePerson(world, project, 'ADMIN')]
  const [revoked, off] = [await makeKey(world, project, 'admin'), await makeKey(world, project, 'admin')]
  const orphan = await makeKeyOf(world, project, gone)
  const lowered = await makeKeyOf(world, project, demoted)
  await db.sql`update api_keys set revoked_at = now() where id = ${revoked.id}`
  await db.sql`update api_keys set disabled_at = now() where id = ${off.id}`
  await users.disable({ userId: gone.id })
  await users.setRole({ userId: demoted.id, role: 'MEMBER' })
  await heardAll(world)
  dead = { revoked: revoked.key, off: off.key, orphan: orphan.key, demoted: lowered.key }
})

describe.each(overRest)('$name by REST', (one) => {
  test('does nothing for a key of another project, and answers as of what nobody has', async () => {
    const { key } = await attacker()
    const answer = await untouched(() => byRest(one, { key }))
    if (namesAny(one)) expect(answer).toEqual(await byRest(one, { key }, nobodys))
    if (namesOne(one)) expect(answer).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    expect(answer.status).toBeLessThan(500)
    withoutMarks(answer)
  })
  test('does nothing for a session: not without its header nor, where one opens it, in a project of others', async () => {
    const { owner, other } = await attacker()
    const headers = { cookie: owner.cookie }
    if (!one.entry.bySession) {
      const answer = await untouched(() =>
        byRest(one, { headers: { ...dashboardHeaders(url, victim.owner, project) } }),
      )
      return expect(answer).toMatchObject({ status: 401, code: 'MISSING_API_KEY' })
    }
    const answer = await untouched(() => byRest(one, { headers }, victim.ids, { project: project.id }))
    const none = await byRest(one, { headers }, victim.ids, { project: '0'.repeat(26) })
    expect(answer).toEqual(none)
    expect(answer).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    expect((await byRest(one, { headers }, nobodys, { project: other.id })).status).toBe(200)
    for (const role of below(one)) {
      const { cookie } = await makePerson(world, project, role)
      const lower = await byRest(one, { headers: { cookie } }, victim.ids, { project: project.id })
      expect(lower).toMatchObject({ status: 403, code: 'INSUFFICIENT_ROLE' })
    }
  })
  test('is refused to a key with every scope but those that open it', async () => {
    const { key } = await makeKey(world, project, 'write', { scopes: lacking(one) })
    const answer = await untouched(() => byRest(one, { key }))
    expect(answer).toMatchObject({ status: 403, code: 'INSUFFICIENT_SCOPE' })
  })
  test.each(['revoked', 'off', 'orphan'] as const)('is refused to a dead key: %s', async (kind) => {
    const answer = await untouched(() => byRest(one, { key: dead[kind] }))
    expect(answer).toMatchObject({ status: 401, code: 'EXPIRED_API_KEY' })
  })
  test('is refused to nobody, and to a key whose maker is no admin any more where that is asked', async () => {
    expect(await untouched(() => byRest(one, {}))).toMatchObject({ status: 401 })
    if (!one.entry.activeAdmin) return
    const answer = await untouched(() => byRest(one, { key: dead.demoted }))
    expect(answer).toMatchObject({ status: 403, code: 'MAKER_NOT_ADMIN' })
  })
  test('does nothing to live objects for a test key of the same project', async () => {
    const { key } = await makeKey(world, project, 'admin', { env: 'test', name: 'tester' })
    const answer = await untouched(() => byRest(one, { key }), { twin: false })
    if (liveOnly.some((scope) => scope === one.entry.access))
      return expect(answer).toMatchObject({ status: 403, code: 'TEST_KEY' })
    if (namesOne(one)) expect(answer).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    expect(answer.status).toBeLessThan(500)
    withoutMarks(answer)
  })
})

describe.each(overTrpc)('$name by the pages’ door', (one) => {
  const scoped = one.entry.access !== 'signed in'

  test('does nothing for a person of another project, whichever they name', async () => {
    const { owner, other } = await attacker()
    const inOwn = dashboardHeaders(url, owner, other)
    const answer = await untouched(() => byTrpc(one, inOwn))
    if (namesOne(one)) {
      expect(answer).toMatchObject({ status: 404, code: 'NOT_FOUND' })
      expect(answer).toEqual(await byTrpc(one, inOwn, nobodys))
    }
    expect(answer.status).toBeLessThan(500)
    withoutMarks(answer)
    if (!scoped) return
    for (const aim of [project, victim.twin]) {
      const { owner: stranger } = await attacker()
      const answer = await untouched(() => byTrpc(one, dashboardHeaders(url, stranger, aim)))
      expect(answer).toMatchObject({ status: 404, code: 'NOT_FOUND' })
      expect(answer).toEqual(await byTrpc(one, dashboardHeaders(url, stranger, { id: '0'.repeat(26) })))
    }
  })
  test('is refused to everybody whose role is too low, and to who was shown out', async () => {
    if (!scoped) return
    for (const role of below(one)) {
      const person = await makePerson(world, project, role)
      const answer = await untouched(() => byTrpc(one, dashboardHeaders(url, person, project)))
      expect(answer).toMatchObject({ status: 403, code: 'INSUFFICIENT_ROLE' })
    }
    const gone = await makePerson(world, project, 'OWNER')
    await db.sql`update memberships set disabled_at = now() where person_id = ${gone.id}`
    await heardAll(world)
    const answer = await untouched(() => byTrpc(one, dashboardHeaders(url, gone, project)))
    expect(answer).toMatchObject({ status: 404, code: 'NOT_FOUND' })
  })
  test('is refused to whoever is signed out, and to a session that has ended', async () => {
    const ended = await makePerson(world, project, 'OWNER')
    await db.sql`delete from sessions where person_id = ${ended.id}`
    await heardAll(world)
    for (const cookie of ['', ended.cookie]) {
      const answer = await untouched(() => byTrpc(one, dashboardHeaders(url, { cookie }, project)))
      expect(answer).toMatchObject({ status: 401, code: 'SIGNED_OUT' })
    }
  })
  test('is refused to a key where only people may', async () => {
    if (!one.entry.peopleOnly) return
    const answer = await untouched(() => byTrpc(one, { authorization: `Bearer ${victim.key.key}` }))
    expect(answer).toMatchObject({ status: 401, code: 'SIGNED_OUT' })
  })
})

test('the fingerprint sees a change of any kind (control)', async () => {
  const before = await fingerprint(db.sql, victim)
  for (const change of [
    () => as(world, victim.key.actor).values.put({ key_path: 'shared/name', value: 'changed' }),
    () => as(world, victim.owner.actor).users.invite({ email: 'victim@example.com', role: 'VIEWER' }),
    () => db.sql`delete from sessions where person_id = ${victim.member.id}`,
    () => db.sql`update projects set requests_days = 31 where id = ${project.id}`,
  ]) {
    await change()
    expect(await fingerprint(db.sql, victim)).not.toBe(before)
  }
})
