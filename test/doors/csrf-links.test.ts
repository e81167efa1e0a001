import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { bodyForms, foreignPlaces } from '../foreign.ts'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { actor } = await makeAsker(world)
const ask = asker(url)
const caller = as(world, actor)

/** What an attacker who knows the links could want another's browser to do with them. */
const asked = await caller.asks.create({ title: 'What is it?' })
const shared = await caller.secrets.share({ secret: 'x' })
const token = asked.url.slice(-26)
const posts: [string, Record<string, string>][] = [
  [`/v1/link/asks/${token}/answer`, { secret: 'planted' }],
  [`/api/v1/link/asks/${token}/answer`, { secret: 'planted' }],
  [`/v1/link/secrets/${shared.secret_key}/reveal`, {}],
  [`/v1/link/receipts/${shared.metadata_key}/burn`, {}],
  ['/trpc/asks.answer', { token, secret: 'planted' }],
  ['/trpc/secrets.reveal', { secret_key: shared.secret_key ?? '' }],
  ['/trpc/secrets.burnByReceipt', { metadata_key: shared.metadata_key ?? '' }],
]

const states = async () =>
  (
    await world.db
      .sql`select (select string_agg(status, ' ') from asks) || (select string_agg(state, ' ') from secrets) as s`
  )[0]?.s

describe.each(posts)('POST %s', (path, fields) => {
  describe.each(Object.entries(foreignPlaces(url)))('from %s', (_, headers) => {
    test.each(Object.entries(bodyForms))('as %s does nothing', async (_, shape) => {
      const { type, body } = shape(fields)
      const reply = await ask('POST', path, { headers: { ...headers, 'content-type': type }, body })
      expect([403, 415]).toContain(reply.status)
      expect(await states()).toBe('opennew')
    })
  })
})

test('a page of ours does what its reader wants', async () => {
  const headers = { origin: url, 'sec-fetch-site': 'same-origin' }
  for (const [path, fields] of posts.filter(([, fields]) => !('metadata_key' in fields)).slice(0, 3))
    await ask('POST', path, { headers, body: fields })
  expect(await states()).toMatch(/^answered(received new|new received)$/)
})
