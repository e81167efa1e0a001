import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openLog } from '../../server/lib/log.ts'
import { base32Of } from '../../server/lib/totp.ts'
import { requestLog } from '../../server/requests/log.ts'
import { dumpOf } from '../dump.ts'
import { type Ask, asker, type Reply } from '../http.ts'
import { makeKey, makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { dashboardHeaders, makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { often } from '../thorough.ts'

const lines: string[] = []
const log = openLog('trace', { write: (line: string) => void lines.push(line) })
const { url, world } = await serve({ LOG_LEVEL: 'trace' }, { log })
const owner = ownerOf(world)
const ask = asker(url)
const project = await makeProject(world)
const { key } = await makeKey(world, project, 'admin', { logging: 'both' })
const limited = await makeKey(world, project, 'admin', { logging: 'both' })
const person = await makePerson(world, project)
const member = await makePerson(world, project, 'MEMBER')

/** What must stand nowhere: seeds as bytes, and codes as they were given. */
type Kept = { seeds: Uint8Array[]; codes: string[] }

/** A seed however it may have been written down. */
function formsOf(seed: Uint8Array): string[] {
  const bytes = Buffer.from(seed)
  // Bytes lie in base64 in one of three ways; the characters at either end also hold what is beside them.
  const within64 = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(before === 0 ? 0 : 4)
      .slice(0, 12),
  )
  const base32 = base32Of(seed)
  return [
    ...[base32, base32.toLowerCase(), bytes.toString('hex'), bytes.toString('latin1'), [...bytes].join()],
    ...within64,
    ...within64.map((part) => part.replaceAll('+', '-').replaceAll('/', '_')),
  ]
}

/** Which of them stand in a text. A code stands there only by itself: digits within a hash or a number are none. */
function foundIn(text: string, { seeds, codes }: Kept): string[] {
  const words = new Set(text.match(/(?<![0-9A-Za-z])\d{8}(?![0-9A-Za-z])/g))
  return [
    ...seeds.flatMap((seed) => formsOf(seed).filter((form) => text.includes(form))),
    ...codes.filter((code) => words.has(code)),
  ]
}

/** Everything that is kept: every row of every table, and what was logged. */
async function everything(): Promise<string> {
  await requestLog(world).flush()
  return `${await dumpOf(owner)}\n${lines.join('\n')}`
}

const must = (reply: Reply, status: number): Reply => {
  if (reply.status !== status) throw new Error(`It answered ${reply.status}, not ${status}.`)
  return reply
}

const kept: Kept = { seeds: [], codes: [] }
const newSeed = () => {
  const seed = randomBytes(20)
  kept.seeds.push(seed)
  return base32Of(seed)
}
const post = (path: string, body: unknown, how: Ask = {}) => ask('POST', `/v1${path}`, { key, body, ...how })
const pages = (verb: string, input: object) =>
  ask('POST', `/trpc/accounts.${verb}`, { headers: dashboardHeaders(url, person, project), body: input })
const asked = (verb: string, input: object) =>
  ask('GET', `/trpc/accounts.${verb}?input=${encodeURIComponent(JSON.stringify(input))}`, {
    headers: dashboardHeaders(url, person, project),
  })

function noteCodes(reply: Reply): void {
  const items = reply.body.items as { code?: string; next_code?: string | null }[] // as the contract says
  for (const { code, next_code } of items) kept.codes.push(...[code, next_code].flatMap((one) => one ?? []))
}

/** The life of one account over HTTP, with everything that takes or gives its seed and its codes. */
async function live(n: number): Promise<string> {
  const wish = { name: `account ${n}`, tags: ['prod'], secret: newSeed(), digits: 8 }
  const once = { headers: { 'idempotency-key': `made ${n}` } }
  const { id } = must(await post('/accounts', wish, once), 201).body as { id: string }
  must(await post('/accounts', wish, once), 201)
  noteCodes(must(await ask('GET', `/v1/accounts/codes?ids=${id}`, { key }), 200))
  must(await post(`/accounts/${id}/export`, {}), 200)
  must(await ask('PATCH', `/v1/accounts/${id}`, { key, body: { secret: newSeed() } }), 200)
  must(await post(`/accounts/${id}/permissions`, { action: 'grant', email: member.email, codes: 2, minutes: 5 }), 200)
  const spent = { headers: dashboardHeaders(url, member, project) }
  const look = `/trpc/accounts.codes?input=${encodeURIComponent(JSON.stringify({ ids: id }))}`
  const counted = must(await ask('GET', look, spent), 200)
  const { result } = counted.body as { result: { data: Record<string, unknown> } } // tRPC's envelope
  noteCodes({ ...counted, body: result.data })
  must(await pages('copied', { accountId: id }), 200)
  must(await pages('export', { accountId: id }), 200)
  return id
}

/** Requests that are refused, and bring a seed all the same. */
async function refused(): Promise<void> {
  const secret = newSeed()
  for (const [body, headers] of [
    [{ name: 'a', secret: `${secret}1` }],
    [{ name: 'a', secret, period: 0 }],
    [{ name: 'a', secret, odd: secret }],
    [{ name: 'a', secret: { secret } }],
    [{ name: 'a', secret: [secret] }],
    [{ name: '', secret }],
    [`{"secret": "${secret}"`, { 'content-type': 'application/json' }],
    [`secret=${secret}`, { 'content-type': 'application/x-www-form-urlencoded' }],
  ] as const)
    must(await post('/accounts', body, headers ? { headers } : {}), 400)
  must(await post('/accounts', { name: 'a', secret }, { key: `${key}x` }), 401)
  must(await post('/accounts', { name: 'a', secret }, { headers: { 'content-type': 'text/plain' } }), 415)
  must(await post('/accounts/import', { uris: [`otpauth://totp/a?secret=${secret}&digits=9`] }), 400)
  must(await post('/accounts/import', { uris: [`otpauth://hotp/a?secret=${secret}&counter=1`] }), 400)
  must(await post('/accounts/import', { uris: `otpauth://totp/a?secret=${secret}` }), 400)
  must(await ask('PATCH', '/v1/accounts/none', { key, body: { secret } }), 404)
  must(await ask('PATCH', '/v1/accounts/none', { key: limited.key, body: { secret, tags: ['x'] } }), 404)
  must(await pages('create', { name: 'a', secret: `${secret}8` }), 400)
}

async function imported(): Promise<void> {
  const uris = [0, 1, 2].map((n) => `otpauth://totp/Import:${n}?secret=${newSeed()}&issuer=Import&digits=8`)
  must(await post('/accounts/import', { uris, dry_run: true }), 200)
  must(await post('/accounts/import', { uris }, { headers: { 'idempotency-key': 'import' } }), 200)
  must(await post('/accounts/import', { uris }, { headers: { 'idempotency-key': 'import' } }), 200)
  must(await pages('import', { uris, duplicates: 'add' }), 200)
}

describe('every row of the database and every line of the log, with bodies of requests kept,', () => {
  test('hold no seed and no code that was given, whatever was done with them', async () => {
    const ids: string[] = []
    for (let n = 0; n < often(5, 100); n++) ids.push(await live(n))
    await imported()
    await refused()
    must(await pages('exportOwn', {}), 200)
    must(await asked('board', {}), 200)
    must(await asked('log', { accountId: ids[0] }), 200)
    must(await ask('GET', '/v1/audit?limit=100', { key }), 200)
    must(await ask('DELETE', `/v1/accounts/${ids[0]}`, { key }), 204)
    noteCodes(must(await ask('GET', `/v1/accounts/codes?ids=${ids.slice(0, 100)}`, { key }), 200))
    expect(kept.codes.length).toBeGreaterThan(ids.length * 3)

    const all = await everything()
    // What was looked through holds the requests themselves.
    for (const word of ['/accounts/codes', '/accounts/{accountId}/export', 'account 1', '[removed]'])
      expect(all).toContain(word)
    expect(foundIn(all, kept)).toEqual([])
  }, 300_000)

  test('would show any of them, had one been written down (control)', async () => {
    const [seed, code] = [randomBytes(20), '40302010']
    const mine = { seeds: [seed], codes: [code] }
    expect(foundIn(await everything(), mine)).toEqual([])
    const planted = [
      ...[base32Of(seed), `otpauth://totp/a?secret=${base32Of(seed)}`, JSON.stringify({ code }), JSON.stringify(seed)],
      ...[Buffer.concat([Buffer.from('x'), seed]).toString('base64'), seed.toString('hex')],
    ]
    for (const text of planted) {
      await owner`insert into rates (key, points, expire) values (${text}, 1, 1e15)`
      expect(foundIn(await everything(), mine)).not.toEqual([])
      await owner`delete from rates where key = ${text}`
      lines.push(text)
      expect(foundIn(await everything(), mine)).not.toEqual([])
      lines.pop()
    }
    await owner`insert into idempotency (slot, body_digest, operation, reply, expires_at)
      values (${Buffer.from('planted')}, '', '', ${seed}, now())`
    expect(foundIn(await everything(), mine)).toEqual([seed.toString('hex')])
  })
})
