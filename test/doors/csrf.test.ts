import { describe, expect, test } from 'vitest'
import { bodyForms, foreignPlaces } from '../foreign.ts'
import { asker, browser } from '../http.ts'
import { makeApproval, makeAsker, makeKey } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { actor, project } = await makeAsker(world)
const ask = asker(url)

/** Where an attacker's request can come from, as browsers tell it. */
const places: Record<string, Record<string, string>> = {
  ...foreignPlaces(url),
  'the address bar': { 'sec-fetch-site': 'none' },
  'an old browser on another site': { origin: 'https://evil.example' },
  'another port': { origin: url.replace(/\d+$/, '1') },
  'another scheme': { origin: url.replace('http:', 'https:') },
}

const bodies: typeof bodyForms = { ...bodyForms, 'no type': (fields) => ({ type: '', body: JSON.stringify(fields) }) }

/** An approval open in the victim's browser, with everything an attacker could ever have learnt. */
const { token, approval_id } = await makeApproval(world, actor)
const victim = browser(url)
const { csrf_token, action_hash } = (await victim.open(token)).body as Record<string, string>
const decision = { action: 'approve', csrf_token: csrf_token ?? '', action_hash: action_hash ?? '' }
const state = async () =>
  (
    await world.db
      .sql`select status, attempts, (select count(*)::int from projects) as projects from approvals where id = ${approval_id}`
  )[0]

/** Every mutation that anybody may call, by both doors. */
const mutations: [string, Record<string, string>][] = [
  [`/v1/link/approvals/${token}/act`, decision],
  [`/api/v1/link/approvals/${token}/act`, decision],
  [`/v1/link/approvals/${token}/report`, { csrf_token: csrf_token ?? '' }],
  ['/v1/demo/approvals', {}],
  ['/trpc/approvals.act', { ...decision, token }],
  ['/trpc/approvals.report', { csrf_token: csrf_token ?? '', token }],
  ['/trpc/demo.create', {}],
]

describe.each(mutations)('POST %s', (path, fields) => {
  describe.each(Object.entries(places))('from %s', (_, headers) => {
    test.each(Object.entries(bodies))('as %s does nothing', async (_, shape) => {
      const before = await state()
      const { type, body } = shape(fields)
      const reply = await ask('POST', path, {
        headers: { cookie: victim.cookie(), ...headers, ...(type ? { 'content-type': type } : {}) },
        body,
      })
      expect([403, 415]).toContain(reply.status)
      expect(await state()).toEqual(before)
    })
  })
  test('with neither header, as no browser sends it, decides nothing either', async () => {
    if (path.includes('demo') && path.startsWith('/v1')) return expect((await ask('POST', path)).status).toBe(201)
    const reply = await ask('POST', path, { headers: { cookie: victim.cookie() }, body: fields })
    expect(reply).toMatchObject({ status: 403 })
  })
})

test('a page of ours without the cookie, or with another browser’s, decides nothing', async () => {
  const stranger = browser(url)
  await stranger.open(token)
  for (const cookie of [
    '',
    stranger.cookie(),
    victim.cookie().replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    `${victim.cookie()}0`,
  ]) {
    const reply = await victim.post(`/v1/link/approvals/${token}/act`, decision, { cookie })
    expect(reply).toMatchObject({ status: 403, body: { code: 'CSRF_FAILED' } })
  }
})

test('Basic credentials, which browsers send by themselves, do nothing from another site', async () => {
  const { key } = await makeKey(world, project)
  const authorization = `Basic ${Buffer.from(`x:${key}`).toString('base64')}`
  for (const headers of Object.values(places)) {
    const reply = await ask('PUT', '/v1/key/csrf', { headers: { authorization, ...headers }, body: 'x' })
    expect(reply).toMatchObject({ status: 403, body: { code: 'CSRF_FAILED' } })
    const rpc = await ask('POST', '/trpc/values.put', {
      headers: { authorization, ...headers },
      body: { key_path: 'csrf', value: 'x' },
    })
    expect(rpc.status).toBe(403)
  }
  expect((await ask('GET', '/v1/key/csrf', { key })).status).toBe(404)
  expect((await ask('PUT', '/v1/key/csrf', { headers: { authorization }, body: 'x' })).status).toBe(201)
})

test('after all of this the victim still decides', async () => {
  expect(await victim.post(`/v1/link/approvals/${token}/act`, decision)).toMatchObject({ status: 200 })
})
