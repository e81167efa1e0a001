import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { codesOf } from '../../server/http/document/refusals.ts'
import { type Operation, operations } from '../../server/http/operations.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import { errors } from '../../shared/errors.ts'
import { makeAccount } from '../accounts.ts'
import { askPermission, makeAgent } from '../agents.ts'
import { as } from '../as.ts'
import { asker, type Reply } from '../http.ts'
import { makeApproval, makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { often } from '../thorough.ts'
import { inside } from '../webhooks.ts'

const { url, world } = await serve(inside)
const ask = asker(url)

/** What is asked in: a project with everything that a path can name, and a key that may do everything. */
async function makeScene() {
  const project = await makeProject(world)
  const { key, actor } = await makeKey(world, project, 'admin')
  const other = await makeKey(world, project, 'read')
  const made = await makeApproval(world, actor, { key_path: 'fuzz/a' })
  await makeApproval(world, actor, { key_path: 'fuzz/a', pin: '0471' })
  await makePerson(world, project)
  const member = await makePerson(world, project, 'MEMBER')
  const invited = await as(world, actor).users.invite({ email: 'bo@example.com', role: 'VIEWER' })
  const secret = await as(world, actor).secrets.share({ secret: 'x' })
  const account = await makeAccount(world, project)
  const agent = await makeAgent(world, project)
  const asked = await askPermission(world, agent.actor, { ttl: 3600 })
  // Nobody is there.
  const hook = await as(world, actor).webhooks.create({ url: 'http://127.0.0.1:1/' })
  const channel = await as(world, actor).channels.create({
    kind: 'ntfy',
    name: 'x',
    address: 'http://127.0.0.1:1/topic',
  })
  return {
    key,
    links: { secret_key: String(secret.secret_key), metadata_key: String(secret.metadata_key) },
    ids: {
      approval_id: made.approval_id,
      keyId: other.id,
      userId: member.id,
      invitationId: invited.id,
      accountId: account.id,
      agentId: agent.agent.id,
      agent_id: agent.agent.id,
      id: asked.id,
      webhook_id: hook.id,
      channel_id: channel.id,
    },
    token: made.token,
  }
}

type Scene = Awaited<ReturnType<typeof makeScene>>

/** What a path can lead to that is no operation: an empty name, or one with a slash in it. */
const astray: ErrorCode[] = ['NOT_FOUND', 'METHOD_NOT_ALLOWED', 'MALFORMED_REQUEST', 'INVALID_INPUT']

const paths = fc.constantFrom('fuzz/a', 'fuzz/b', 'a', 'x/y/z')
const word = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => !/[\0\ud800-\udfff]/u.test(text))

/** What a field takes, by its name; a valid-ish request has a few of these. */
const fine = ({ ids, links, token }: Scene): Record<string, fc.Arbitrary<unknown>> => ({
  ...Object.fromEntries(Object.entries(links).map(([name, key]) => [name, fc.constantFrom(key, '0'.repeat(31))])),
  secret: word,
  passphrase: fc.constantFrom('', 'open sesame'),
  ttl: fc.integer({ min: -5, max: 3_000_000 }),
  memo: word,
  ...Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, fc.constantFrom(id, '0'.repeat(26))])),
  key_path: paths,
  value: word,
  initial_value: word,
  info: word,
  ref_id: fc.constantFrom('r1', 'build-812'),
  actions: fc.array(fc.record({ key: fc.constantFrom('a', 'b'), value: word }), { minLength: 1, maxLength: 1 }),
  ttl_seconds: fc.integer({ min: 10, max: 1000 }),
  comment: fc.constantFrom('optional', 'off'),
  match_number: fc.boolean(),
  payload: fc.dictionary(fc.constantFrom('a', 'b', 'c'), word),
  status: fc.constantFrom('pending', 'executed', 'expired', 'invalidated', 'locked'),
  since: fc.constantFrom('2025-01-01T00:00:00Z', '2030-01-01T00:00:00.123Z'),
  until: fc.constantFrom('2025-01-01T00:00:00Z', '2030-01-01T00:00:00.123Z'),
  limit: fc.integer({ min: 1, max: 100 }),
  token: fc.constantFrom(token, '0'.repeat(26)),
  scope: fc.dictionary(fc.constantFrom('to', 'max', 'a'), word),
  context: fc.dictionary(fc.constantFrom('reason', '_test_deny'), word),
  uses: fc.integer({ min: 1, max: 100 }),
  env: fc.constantFrom('live', 'test'),
  disabled: fc.boolean(),
  name: fc.constantFrom('fuzz', 'a b'),
  description: word,
  scopes: fc.constant(['values:read']),
  email: fc.constantFrom('cy@example.com', 'Bo@Example.com'),
  role: fc.constantFrom('member', 'VIEWER', 'OWNER'),
  grace_seconds: fc.integer({ min: 0, max: 604_800 }),
  requests_days: fc.integer({ min: 1, max: 3650 }),
  url: fc.constantFrom('http://127.0.0.1:1/', 'https://10.0.0.1/', 'nowhere'),
  events: fc.constantFrom(null, [], ['value.set']),
  event: fc.constantFrom('value.set', 'nothing'),
  enabled: fc.boolean(),
  kind: fc.constantFrom('ntfy', 'slack', 'mail'),
  address: fc.constantFrom('http://127.0.0.1:1/topic', 'https://10.0.0.1/topic', 'nowhere'),
  failed_only: fc.boolean(),
  q: word,
  tag: word,
  tags: fc.array(word, { maxLength: 3 }),
  issuer: word,
  algorithm: fc.constantFrom('SHA1', 'SHA512'),
  digits: fc.integer({ min: 6, max: 8 }),
  period: fc.constantFrom(15, 30, 120),
  uris: fc.array(fc.constantFrom('otpauth://totp/a?secret=JBSWY3DPEHPK3PXP', 'otpauth://hotp/a'), { maxLength: 3 }),
  duplicates: fc.constantFrom('skip', 'add'),
  dry_run: fc.boolean(),
  codes: fc.integer({ min: 1, max: 5 }),
  minutes: fc.integer({ min: 1, max: 60 }),
  prefix: fc.constantFrom('', 'fuzz', 'fuzz/'),
  view: fc.constant('full'),
  action: fc.constantFrom('approve', 'nope'),
  csrf_token: word,
  action_hash: fc.constant('0'.repeat(64)),
  if_match: fc.constantFrom('*', '"1"', '7'),
  if_none_match: fc.constantFrom('*'),
})

/** Texts and values that break something somewhere. */
const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    '\0',
    'a\0b',
    '\u{10ffff}',
    '__proto__',
    'constructor',
    "'; drop table approvals; --",
    '%',
    '%00',
    '../..',
    '//',
    '-1',
    '1e999',
    'NaN',
    '9'.repeat(400),
    'x'.repeat(5000),
  ),
  fc.constantFrom<unknown>(null, true, -1, 0, 1e21, 2 ** 53, 0.1, [], {}, [[]], [null], { $ne: 1 }, { toString: 1 }, [
    { key: 'a' },
  ]),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
)

const chance = (scene: Scene, options: { invalid: boolean }) => (operation: Operation) => {
  const words = fine(scene)
  const names = Object.keys(operation.entry.input.shape).filter(
    (name) => name !== 'wait' && name !== 'cursor' && name !== 'pin',
  )
  const valid = fc.record(Object.fromEntries(names.map((name) => [name, words[name] ?? fc.constant(undefined)])), {
    requiredKeys: names.filter((name) => operation.entry.path.includes(`{${name}}`)),
  })
  if (!options.invalid) return valid
  const broken = fc.dictionary(
    fc.constantFrom(...Object.keys(operation.entry.input.shape), 'unknown', '__proto__', 'key'),
    nasty,
    { minKeys: 1, maxKeys: 3 },
  )
  return fc.tuple(valid, broken).map(([base, bad]): Record<string, unknown> => ({ ...base, ...bad }))
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
const encode = (value: unknown) => encodeURIComponent(textOf(value).toWellFormed())

function send(key: string, { entry }: Operation, fields: Record<string, unknown>, form: string): Promise<Reply> {
  const rest = new Map(Object.entries(fields).filter(([, value]) => value !== undefined))
  // A wait that is valid would wait.
  if (Number(textOf(rest.get('wait'))) >= 1) rest.delete('wait')
  const path = entry.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest.get(name) ?? ''
    rest.delete(name)
    return encode(value)
  })
  const headers: Record<string, string> = entry.visit ? { origin: url } : {}
  for (const [header, name] of Object.entries(entry.headers ?? {})) {
    const value = textOf(rest.get(name))
    if (rest.delete(name) && /^[\x20-\x7e]{1,500}$/.test(value)) headers[header] = value
  }
  const raw = entry.rawBody === undefined ? undefined : rest.get(entry.rawBody)
  if (entry.rawBody !== undefined) rest.delete(entry.rawBody)
  const query = [...rest].map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
  if (entry.method === 'GET' || entry.method === 'DELETE')
    return ask(entry.method, `/v1${path}?${query}`, { key, headers })
  if (entry.rawBody !== undefined)
    return ask(entry.method, `/v1${path}?${query}`, {
      key,
      headers: { ...headers, 'content-type': form },
      body: textOf(raw),
    })
  if (form === 'application/json')
    return ask(entry.method, `/v1${path}`, { key, headers, body: Object.fromEntries(rest) })
  return ask(entry.method, `/v1${path}`, {
    key,
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: query,
  })
}

/**
 * All that requests can change; that somebody came second is told. What the sweeper ends meanwhile is not theirs, so
 * secrets count while they outlive this file.
 */
const print = async () => {
  const [row] = await world.db.sql`
    select concat_ws(' ',
      (select count(*) from events where actor ->> 'type' <> 'system' and name <> 'secret.contested'),
      (select count(*) from approvals), (select coalesce(sum(attempts), 0) from approvals),
      (select coalesce(sum(version), 0) from "values"), (select count(*) from projects),
      (select count(*) from accounts), (select count(*) from account_grants),
      (select count(*) from agents), (select count(*) from permissions), (select count(*) from policies),
      (select count(*) from secrets where ttl > 600)) as sum`
  return row?.sum
}

const forms = fc.constantFrom('application/json', 'application/x-www-form-urlencoded')

describe.each(operations.map((one) => [one.name, one] as const))('%s', (_, operation) => {
  const { entry } = operation
  const allowed = new Set<unknown>([...astray, ...codesOf(entry)])
  let scene: Scene
  beforeAll(async () => {
    scene = await makeScene()
  })

  test.each([
    ['requests that could be right', { invalid: false }, often(15, 75)],
    ['requests with something wrong', { invalid: true }, often(30, 150)],
  ] as const)(
    'answers %s with what its entry lists, and changes nothing when it refuses',
    async (_, options, numRuns) => {
      await fc.assert(
        fc.asyncProperty(chance(scene, options)(operation), forms, async (fields, form) => {
          const before = entry.method === 'GET' ? '' : await print()
          const reply = await send(scene.key, operation, fields, form)
          expect(reply.status).toBeLessThan(500)
          if (reply.status >= 400) {
            expect(allowed).toContain(reply.body.code)
            expect(reply.body.error).toBe(reply.body.message)
            expect(errors[reply.body.code as ErrorCode].status).toBe(reply.status)
          } else expect([entry.status, 304, 201, ...(entry.accepts ? [202] : [])]).toContain(reply.status)
          if (entry.method !== 'GET' && reply.status >= 400) expect(await print()).toBe(before)
        }),
        { numRuns, seed: 20_261_123 },
      )
      expect(Object.prototype).not.toHaveProperty('unknown')
    },
  )
})
