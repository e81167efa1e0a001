import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../shared/contract/endpoint.ts'
import { contract } from '../../shared/contract/index.ts'
import { testDb } from '../db.ts'
import { fingerprint } from '../fingerprint.ts'
import { bodyForms, foreignPlaces } from '../foreign.ts'
import { asker, type Reply } from '../http.ts'
import { dashboardHeaders, makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { inputFor } from '../tenants.ts'
import { makeVictim } from '../victim.ts'

const { address, db } = await testDb({ max: 2 })
const { url, world } = await serve({}, { address })
const ask = asker(url)
const victim = await makeVictim(world)
const { project, owner, ids } = victim

/** Every change over the pages' door, whatever it asks for: a new one is in the matrix by itself. Bytes go by REST alone. */
const mutations = Object.entries(contract).flatMap(([feature, entries]) =>
  Object.entries<Endpoint>(entries).flatMap(([verb, entry]) =>
    entry.method === 'GET' || entry.streams || entry.bytes ? [] : [{ name: `${feature}.${verb}`, entry }],
  ),
)

/** Where an attacker's request can come from, as browsers tell it; the cookie of a signed-in owner goes along. */
const places = { ...foreignPlaces(url), 'a page without headers': {} }

const cookies = { cookie: owner.cookie, 'x-countersign-project': project.id }
const codeIn = ({ body }: Reply) => (body as { error?: { data?: { code?: string } } }).error?.data?.code
/** All that could have been done: to this project, and anywhere by making a project or an account. */
const state = async () =>
  `${await fingerprint(db.sql, victim)} ${JSON.stringify(
    await db.sql`select (select count(*) from projects) as projects, (select count(*) from people) as people,
      (select count(*) from events) as events, (select count(*) from sessions) as sessions`,
  )}`

describe.each(mutations)('$name with the cookie of a signed-in owner', (one) => {
  const input = inputFor(one, ids)

  describe.each(Object.entries(places))('from %s', (_, headers) => {
    test.each(Object.entries(bodyForms))('as %s does nothing', async (_, shape) => {
      const before = await state()
      const { type, body } = shape(input)
      const sent = { headers: { ...cookies, ...headers, 'content-type': type }, body }
      const reply = await ask('POST', `/trpc/${one.name}`, sent)
      expect([403, 415]).toContain(reply.status)
      if (reply.status === 403) expect(codeIn(reply)).toBe('CSRF_FAILED')
      expect(await state()).toBe(before)
    })
  })
  test('by GET, as an image or a link asks, and in a batch does nothing either', async () => {
    const before = await state()
    const search = `input=${encodeURIComponent(JSON.stringify(input))}`
    for (const headers of Object.values(places)) {
      expect((await ask('GET', `/trpc/${one.name}?${search}`, { headers: { ...cookies, ...headers } })).status).toBe(
        405,
      )
      const path = `/trpc/${one.name},${one.name}?batch=1`
      const reply = await ask('POST', path, { headers: { ...cookies, ...headers }, body: { 0: input, 1: input } })
      expect(reply.status).toBe(403)
    }
    expect(await state()).toBe(before)
  })
})

describe('from a page of ours', () => {
  test.each(mutations)('$name is not held for another site’s (control)', async (one) => {
    const person = await makePerson(world, project, 'VIEWER')
    // An empty body is an input that nothing takes, or that changes nothing of anybody's but this viewer's own.
    const reply = await ask('POST', `/trpc/${one.name}`, { headers: dashboardHeaders(url, person, project), body: {} })
    expect(codeIn(reply)).not.toBe('CSRF_FAILED')
  })
  test('a change is done, with Fetch Metadata or with an Origin alone', async () => {
    const before = await state()
    const own: [Record<string, string>, number][] = [
      [{ 'sec-fetch-site': 'same-origin' }, 41],
      [{ origin: url }, 42],
    ]
    for (const [headers, requests_days] of own) {
      const body = { requests_days }
      const reply = await ask('POST', '/trpc/settings.update', { headers: { ...cookies, ...headers }, body })
      expect(reply.status).toBe(200)
    }
    expect(await state()).not.toBe(before)
  })
})
