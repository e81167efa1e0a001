import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../server/http/operations.ts'
import { requestLog } from '../../server/requests/log.ts'
import { transports } from '../../shared/scopes.ts'
import { as } from '../as.ts'
import { type Ask, asker, type Reply } from '../http.ts'
import { makeApproval, makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { askApproved } from '../releases.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const ask = asker(url)
const project = await makeProject(world)
const ana = await makePerson(world, project)
const { key, actor } = await makeKey(world, project, 'admin', { logging: 'both', transports })
const keyed = operations.filter((one) => one.entry.access !== 'public' && one.name !== 'feed.stream')

/** Fields whose text people may read in the log; a canary in any other field must never be found. */
const readable = new Set([
  'name',
  'description',
  'info',
  'ref_id',
  'key_path',
  'memo',
  'title',
  'note',
  'issuer',
  'accountId',
  'action',
  'resource',
  'reason',
])
/** What replies tell by right: where a value is, what last used a key, and which account’s code was asked for. */
const answered = new Set([...readable, 'path', 'user-agent', 'ids'])

let made = 0
const canaries = new Map<string, string>()
const canary = (where: string) => {
  const text = `canary${String(++made).padStart(5, '0')}x`
  canaries.set(text, where)
  return text
}
const secrets = new Set<string>([key])

/** Each request brings a canary in a header, a cookie, the query, its address, and an Idempotency-Key. */
async function send(method: string, path: string, where: string, what: Ask = {}): Promise<Reply> {
  const headers = {
    'user-agent': canary(`${where} user-agent`),
    'x-odd': canary(`${where} header`),
    cookie: `odd=${canary(`${where} cookie`)}`,
    referer: `http://localhost/${canary(`${where} referer`)}`,
    'idempotency-key': canary(`${where} idempotency`),
    ...what.headers,
  }
  return ask(method, path, { key, ...what, headers })
}

/** An address of the operation, with a canary for each of its parameters where one fits. */
const addressOf = (path: string, where: string) =>
  `/v1${path.replace('{key_path}', canary(`${where} path`)).replaceAll(/\{\w+\}/g, '01ARZ3NDEKTSV4RRFFQ69G5FAV')}`

/** Where a release-only secret is read, once a person said yes. */
async function releaseOf(secret: string): Promise<string> {
  const { kept_id } = await as(world, ana.actor).kept.create({ name: 'said yes to', secret })
  const { approval_id } = await askApproved(world, actor, ana.actor, { secret: kept_id })
  return `/v1/approvals/${approval_id}/release`
}

async function everyText(): Promise<{ whole: string; withoutReplies: string }> {
  await requestLog(world).flush()
  const rows = await world.db.sql`
    select r::text as whole, (to_jsonb(r) - 'response_body')::text as without_replies from requests r`
  const all = (name: string) => rows.map((row) => row[name]).join('\n')
  return { whole: all('whole'), withoutReplies: all('without_replies') }
}

describe('with logging of both bodies, the access log holds', async () => {
  beforeAll(async () => {
    for (const { name, entry } of keyed) {
      const target = addressOf(entry.path, name)
      const shape = Object.keys(entry.input.shape)
      const odd = Object.fromEntries(shape.map((field) => [field, canary(`${name} ${field}`)]))
      const nested = Object.fromEntries(
        shape.map((field) => [field, [{ [canary('a name')]: canary(`${name} ${field} in`) }]]),
      )
      const unknown = { ...entry.example.input, [canary(`${name} unknown`)]: canary(`${name} unknown value`) }
      if (entry.method === 'GET') {
        await send('GET', `${target}?${new URLSearchParams(odd)}`, name)
        await send('GET', `${target}?${canary(`${name} query`)}=${canary(`${name} query value`)}`, name)
        await send('GET', `${target}?key=${key}`, name, { headers: { authorization: '' } })
        continue
      }
      const query = `?${canary(`${name} query`)}=${canary(`${name} query value`)}`
      for (const body of [odd, nested, unknown]) await send(entry.method, target, name, { body })
      await send(entry.method, target, name, {
        body: new URLSearchParams(odd).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
      await send(entry.method, target + query, name, { body: entry.example.input })
      await send(entry.method, target, name, {
        body: `{"${canary(name)}": ${canary(name)}`,
        headers: { 'content-type': 'application/json' },
      })
      await send(entry.method, target, name, { body: { ...entry.example.input, API_Key: key } })
    }
    const text = (where: string) => {
      const made = `${canary(where)}-And.More_Of#It`
      secrets.add(made)
      return made
    }
    const hidden = text('a release-only secret')
    // What succeeds, with a secret in every field that takes one.
    secrets.add('908172635')
    const replies = [
      await send('PUT', '/v1/key/place', 'values.put', { body: text('a value') }),
      await send('PUT', '/v1/key/place?view=full', 'values.put', { body: { value: text('a value') } }),
      await send('GET', '/v1/key/place', 'values.get'),
      await send('GET', '/v1/key/place?view=full', 'values.get'),
      await send('GET', '/v1/key/place/history', 'values.history'),
      await send('GET', '/v1/keys', 'values.list'),
      await send('POST', '/v1/approvals', 'approvals.create', {
        body: {
          key_path: 'p',
          value: text('value'),
          initial_value: text('initial'),
          pin: '908172635',
          payload: { [text('a key')]: text('payload') },
        },
      }),
      await send('POST', '/v1/approvals', 'approvals.create', {
        body: { key_path: 'p', actions: [{ key: 'yes', value: text('action') }], pin: 'generate', match_number: true },
      }),
      await send('GET', '/v1/approvals', 'approvals.list'),
      await send(
        'GET',
        `/v1/approvals/${(await makeApproval(world, actor, { value: text('value') })).approval_id}`,
        'approvals.get',
      ),
      await send('POST', '/v1/secrets/release-only', 'kept.create', { body: { name: 'db', secret: hidden } }),
      await send('GET', await releaseOf(hidden), 'approvals.release'),
      await send('POST', '/v1/api-keys', 'keys.create', {
        body: { name: 'x', scopes: ['values:read'], key: text('key') },
      }),
      await send('POST', '/v1/api-keys', 'keys.create', { body: { name: 'y', scopes: ['values:read'] } }),
    ]
    for (const reply of replies) expect(reply.status, reply.text).toBeLessThan(300)
    const rotated = await send('POST', `/v1/api-keys/${replies.at(-1)?.body.id}/rotate`, 'keys.rotate')
    for (const { body } of [...replies, rotated])
      for (const secret of [body.key, body.url, body.pin])
        if (typeof secret === 'string') secrets.add(secret.replace(/^.*\/a\//, ''))
  })

  test('none of the canaries of any field, header, cookie, query or address, but in what people may read', async () => {
    const { whole, withoutReplies } = await everyText()
    const foundIn = (text: string) =>
      [...canaries].filter(([canary]) => text.includes(canary)).map(([, where]) => where.split(' ')[1] ?? '')
    expect(canaries.size).toBeGreaterThan(400)
    // Equal, not only within: a log that kept nothing at all must not pass.
    expect(new Set(foundIn(withoutReplies))).toEqual(readable)
    expect(new Set(foundIn(whole))).toEqual(answered)
  })
  test('none of the secrets that were sent or made', async () => {
    const { whole: text } = await everyText()
    expect(secrets.size).toBeGreaterThan(15)
    for (const secret of secrets) expect(text).not.toContain(secret)
    expect(text).not.toMatch(/_[0-9A-Za-z]{32}\b|\/a\/[0-9A-Z]{26}/)
  })
  test('a row with bodies of every operation', async () => {
    await requestLog(world).flush()
    const rows = await world.db
      .sql`select distinct method || ' ' || route as name from requests where response_body is not null`
    expect(rows.map((row) => row.name).toSorted()).toEqual(
      [...new Set(keyed.map(({ entry }) => `${entry.method} /v1${entry.path}`))].toSorted(),
    )
  })
})
