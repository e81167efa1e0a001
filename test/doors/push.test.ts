import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { rotate } from '../../server/instance/rotation.ts'
import { askPermission, makeAgent } from '../agents.ts'
import { as } from '../as.ts'
import { press } from '../channels.ts'
import { dumpOf } from '../dump.ts'
import { makeApproval, makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { testWorld, worldAt } from '../serve.ts'
import { until } from '../until.ts'
import { delivering, inside } from '../webhooks.ts'

const having = { ...inside, MASTER_KEY: 'aa'.repeat(32), MAIL_FROM: 'Countersign <sign@example.com>' }
const world = await testWorld(having)
const { sql } = world.db
delivering(world)

type Pushed = { path: string; headers: IncomingHttpHeaders; body: Buffer }

/** A push service on the loopback that keeps what it gets. */
const got: Pushed[] = []
const statuses = new Map<string, number>()
const server = createServer(async (request, reply) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const path = request.url ?? ''
  got.push({ path, headers: request.headers, body: Buffer.concat(chunks) })
  reply.writeHead(statuses.get(path) ?? 201).end()
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
afterAll(() => server.close())
const { port } = server.address() as AddressInfo // it listens on TCP
const origin = `http://127.0.0.1:${port}`

const hkdf = (key: Uint8Array, salt: Uint8Array, info: Uint8Array, bytes: number) =>
  Buffer.from(hkdfSync('sha256', key, salt, info, bytes))

/** A browser: its keys, and how it reads what came for it (RFC 8291, RFC 8188), written from the RFCs. */
function makeBrowser() {
  const path = `/push/${randomBytes(12).toString('hex')}`
  const curve = createECDH('prime256v1')
  const mine = curve.generateKeys()
  const auth = randomBytes(16)
  const open = (body: Buffer): unknown => {
    const [salt, size] = [body.subarray(0, 16), body[20] ?? 0]
    const theirs = body.subarray(21, 21 + size)
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), mine, theirs])
    const secret = hkdf(curve.computeSecret(theirs), auth, info, 32)
    const key = hkdf(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
    const nonce = hkdf(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
    const sealed = body.subarray(21 + size)
    const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(sealed.subarray(-16))
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
    return JSON.parse(plain.subarray(0, plain.lastIndexOf(2)).toString())
  }
  return {
    path,
    wish: {
      name: 'Chrome on Linux',
      endpoint: origin + path,
      keys: { p256dh: mine.toString('base64url'), auth: auth.toString('base64url') },
    },
    raw: () => got.filter((one) => one.path === path),
    shown: () => got.filter((one) => one.path === path).map(({ body }) => open(body)),
  }
}

async function scene(role: 'OWNER' | 'VIEWER' = 'OWNER') {
  const project = await makeProject(world)
  const ana = await makePerson(world, project, role)
  const { actor } = await makeKey(world, project)
  const browser = makeBrowser()
  const mine = as(world, ana.actor).push
  const made = await mine.subscribe(browser.wish)
  return { project, ana, actor, browser, mine, made }
}

/** Everything that has happened was handed out, and what came of it has been sent. */
const quiet = () =>
  until(async () => {
    const [row] = await sql`
      select (select count(*) from events e, outbox o where (e.tick, e.seq) > (o.tick, o.seq))
        + (select count(*) from deliveries where status = 'waiting') as n`
    return Number(row?.n) === 0
  })

describe('a browser', () => {
  test('is told what waits for its person, encrypted to it alone and signed by this instance, and of its end', async () => {
    const { project, ana, actor, browser, mine } = await scene()
    const made = await makeApproval(world, actor, { info: 'Version 2', link: 'signed_in', value: 'VALUE-1' })
    await until(async () => browser.raw().length === 1)
    const path = `/p/${project.id}?open=${made.approval_id}`
    expect(browser.shown()[0]).toMatchObject({
      title: 'Approval needed: deploy/prod',
      path,
      tag: made.approval_id,
      over: false,
    })
    await as(world, ana.actor).approvals.decide({
      approval_id: made.approval_id,
      action: 'approve',
      action_hash: made.action_hash,
    })
    await until(async () => browser.raw().length === 2)
    expect(browser.shown()[1]).toMatchObject({ title: 'Decided: deploy/prod', path, tag: made.approval_id, over: true })

    const { public_key } = await mine.get({})
    for (const { headers, body } of browser.raw()) {
      expect(body.toString('latin1')).not.toMatch(/deploy|VALUE/)
      expect(headers).toMatchObject({ topic: made.approval_id, 'content-encoding': 'aes128gcm' })
      expect(Number(headers.ttl)).toBeGreaterThan(0)
      // RFC 8292: a JWT for this service, by the key that the browser subscribed with.
      const [, token = '', key] = /^vapid t=([^,]+), k=(.+)$/.exec(String(headers.authorization)) ?? []
      expect(key).toBe(public_key)
      const point = Buffer.from(public_key, 'base64url')
      const jwk = {
        kty: 'EC',
        crv: 'P-256',
        x: point.subarray(1, 33).toString('base64url'),
        y: point.subarray(33).toString('base64url'),
      }
      const [head = '', claims = '', signature = ''] = token.split('.')
      const signed = verify(
        'sha256',
        Buffer.from(`${head}.${claims}`),
        { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
        Buffer.from(signature, 'base64url'),
      )
      expect(signed).toBe(true)
      expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
        aud: origin,
        sub: 'mailto:sign@example.com',
      })
    }
    expect(browser.raw().map(({ headers }) => headers.urgency)).toEqual(['high', 'low'])
  })

  test('is told of permission requests, and of nothing that its person cannot decide', async () => {
    const { project, actor, browser } = await scene()
    const viewer = await makePerson(world, project, 'VIEWER')
    const [looking, named] = [makeBrowser(), makeBrowser()]
    await as(world, viewer.actor).push.subscribe(looking.wish)
    const bo = await makePerson(world, project, 'MEMBER')
    await as(world, bo.actor).push.subscribe(named.wish)
    const bearer = await makeApproval(world, actor, { key_path: 'by/link' })
    await press(world, bearer.token)
    await makeApproval(world, actor, { key_path: 'by/name', approvers: [{ any_of: [bo.email] }] })
    const agent = await makeAgent(world, project)
    await askPermission(world, agent.actor, { action: 'refund-create' })
    await until(async () => browser.raw().length === 1 && named.raw().length === 2)
    await quiet()
    const titles = (one: typeof browser) =>
      one
        .shown()
        .map((shown) => (shown as { title: string }).title)
        .toSorted()
    expect(titles(browser)).toEqual(['Permission needed: refund-create'])
    expect(titles(named)).toEqual(['Approval needed: by/name', 'Permission needed: refund-create'])
    expect(titles(looking)).toEqual([])
  })

  test('hears nothing any more once its person has left or was shown out, and its place is forgotten', async () => {
    const { project, ana, actor, browser } = await scene()
    const bo = await makePerson(world, project, 'MEMBER')
    const theirs = makeBrowser()
    await as(world, bo.actor).push.subscribe(theirs.wish)
    await as(world, ana.actor).users.disable({ userId: bo.id })
    await makeApproval(world, actor, { link: 'signed_in' })
    await until(async () => browser.raw().length === 1)
    await quiet()
    expect(theirs.raw()).toEqual([])
    expect(await sql`select from push_subscriptions where person_id = ${bo.id}`).toHaveLength(0)
    const told = await sql`select payload from events where name = 'push.unsubscribed' and project_id = ${project.id}`
    expect(told.map(({ payload }) => payload.reason)).toEqual(['left'])
  })

  test.each([404, 410])('whose push service answers %i is forgotten', async (status) => {
    const { project, actor, browser, mine } = await scene()
    statuses.set(browser.path, status)
    await makeApproval(world, actor, { link: 'signed_in' })
    await until(async () => (await mine.get({})).items.length === 0)
    const told = await sql`select payload from events where name = 'push.unsubscribed' and project_id = ${project.id}`
    expect(told.map(({ payload }) => payload.reason)).toEqual(['gone'])
  })

  test('belongs to whoever signed in on it last, is tested by them, and is removed by nobody else', async () => {
    const { project, browser, mine, made } = await scene()
    expect(await mine.test({ id: made.id })).toEqual({ delivered: true, status: 201, error: null })
    expect(browser.shown()[0]).toMatchObject({ title: 'Test message' })
    const bo = await makePerson(world, project, 'MEMBER')
    const theirs = as(world, bo.actor).push
    expect(await codeOf(theirs.unsubscribe({ id: made.id }))).toBe('NOT_FOUND')
    expect(await codeOf(theirs.test({ id: made.id }))).toBe('NOT_FOUND')
    const taken = await theirs.subscribe(browser.wish)
    expect((await mine.get({})).items).toEqual([])
    expect((await theirs.subscribe({ ...browser.wish, name: 'again' })).id).toBe(taken.id)
    expect((await theirs.get({})).items.map(({ name }) => name)).toEqual(['again'])
    await theirs.unsubscribe({ id: taken.id })
    expect((await theirs.get({})).items).toEqual([])
  })

  test('is a public https address with keys that can be used, and one of ten', async () => {
    const { mine } = await scene()
    const { wish } = makeBrowser()
    for (const endpoint of ['https://10.0.0.7/x', 'http://push.example.com/x', 'https://[::1]/x', 'x'])
      expect(await faultyFields(mine.subscribe({ ...wish, endpoint }))).toEqual(['endpoint'])
    const off = Buffer.concat([Buffer.of(4), randomBytes(64)]).toString('base64url')
    expect(await faultyFields(mine.subscribe({ ...wish, keys: { ...wish.keys, p256dh: off } }))).toEqual([
      'keys.p256dh',
    ])
    for (let n = 1; n < 10; n++) await mine.subscribe(makeBrowser().wish)
    expect(await codeOf(mine.subscribe(wish))).toBe('TOO_MANY_BROWSERS')
  })

  test('is sealed at rest and outlives a new master key, with the name that it knows this instance by', async () => {
    const { ana, browser, mine, made } = await scene()
    const { public_key } = await mine.get({})
    const dump = await dumpOf(sql)
    for (const kept of [browser.path, browser.wish.keys.p256dh, browser.wish.keys.auth]) {
      expect(dump).not.toContain(kept)
      expect(dump).not.toContain(Buffer.from(kept).toString('hex'))
    }
    const next = await worldAt(world.address, {
      ...having,
      MASTER_KEY: 'bb'.repeat(32),
      PREVIOUS_MASTER_KEYS: 'aa'.repeat(32),
    })
    expect(await rotate(next)).toMatchObject({ changed: true, ended: 1, kept: 0 })
    const after = as(next, ana.actor).push
    expect((await after.get({})).public_key).toBe(public_key)
    expect(await after.test({ id: made.id })).toMatchObject({ delivered: true })
  })
})
