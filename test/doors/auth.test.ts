import { describe, expect, test } from 'vitest'
import { asker } from '../http.ts'
import { makeKey, makeProject } from '../make.ts'
import { serve } from '../serve.ts'
import { goodPassword, makeAccount, signIn, signInBrowser } from '../sign-in.ts'

const { url, world } = await serve()
const { sql } = world.db
const project = await makeProject(world)
const ask = asker(url)

describe('signing in with a password', () => {
  test('opens a session whose cookie is bound to the host, unreadable to scripts, and gone with the browser', async () => {
    const ana = await makeAccount(world, project)
    const { reply, query } = await signIn(url, ana)
    expect(reply).toMatchObject({ status: 200, body: {} })
    expect(reply.text).toBe('{}')
    const lines = (reply.headers['set-cookie'] ?? []).filter((line) => line.includes('_session='))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^__Host-countersign_session=[^;]{50,}; Path=\/; HttpOnly; SameSite=Lax; Secure$/)
    expect(await query('me.get')).toMatchObject({ status: 200, body: { result: { data: { email: ana.email } } } })
  })

  test('that is remembered keeps its cookie, and its row says so', async () => {
    const ana = await makeAccount(world, project)
    const { reply, query } = await signIn(url, ana, { rememberMe: true })
    expect(String(reply.headers['set-cookie'])).toMatch(
      /_session=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=\d{6,}/,
    )
    expect((await query('me.sessions')).text).toContain('"remembered":true')
  })

  test('takes the address in any case and width, as it is one address', async () => {
    const ana = await makeAccount(world, project, 'OWNER', { email: 'case.of.ana@example.com' })
    for (const email of ['Case.Of.Ana@Example.COM', ' case.of.ana@example.com ', 'ｃase.of.ana@example.com'])
      expect((await signIn(url, { ...ana, email })).reply).toMatchObject({ status: 200 })
  })

  test.each([
    'аna@example.com',
    'ana@exаmple.com',
    'ana\u200b@example.com',
    'ana@example.com\u202e',
    'ana+x@example.com.',
  ])('never takes the look-alike %j for a known address', async (email) => {
    const { reply } = await signIn(url, { email })
    expect([400, 401]).toContain(reply.status)
    expect(reply.headers['set-cookie']).toBeUndefined()
  })

  test('answers an unknown address and a wrong password with the same words', async () => {
    const ana = await makeAccount(world, project)
    const wrong = (await signIn(url, { ...ana, password: 'not-her-password' })).reply
    const unknown = (await signIn(url, { email: 'nobody@example.com' })).reply
    expect(wrong).toMatchObject({ status: 401, body: { code: 'WRONG_SIGN_IN' } })
    const { request_id: _a, ...one } = wrong.body
    const { request_id: _b, ...other } = unknown.body
    expect(other).toEqual(one)
    expect(unknown.headers['set-cookie']).toBeUndefined()
  })

  test('makes a new session each time, and ends the one that the browser had before', async () => {
    const ana = await makeAccount(world, project)
    const browser = signInBrowser(url)
    await browser.post('/auth/sign-in/email', { email: ana.email, password: ana.password })
    const first = browser.session() ?? ''
    await browser.post('/auth/sign-in/email', { email: ana.email, password: ana.password })
    expect(browser.session()).not.toBe(first)
    const old = await ask('GET', '/trpc/me.get?input=%7B%7D', {
      headers: { cookie: first, 'sec-fetch-site': 'same-origin' },
    })
    expect(old.status).toBe(401)
  })

  test('never takes up a session that somebody planted', async () => {
    const [ana, mallory] = [await makeAccount(world, project), await makeAccount(world, project)]
    const planted = signInBrowser(url)
    for (const cookie of [mallory.cookie, '__Host-countersign_session=planted', mallory.cookie.replace(/.$/, 'x')]) {
      planted.jar.set('__Host-countersign_session', cookie)
      await planted.post('/auth/sign-in/email', { email: ana.email, password: ana.password })
      expect(planted.session()).not.toBe(cookie)
      expect((await planted.query('me.get')).text).toContain(ana.email)
    }
  })

  test('is told in each of the person’s projects, a failure as well', async () => {
    const other = await makeProject(world)
    const ana = await makeAccount(world, other)
    await signIn(url, ana)
    await signIn(url, { ...ana, password: 'not-her-password' })
    await expect
      .poll(async () =>
        (
          await sql`select name, actor->>'type' as by from events where project_id = ${other.id} and name like 'person.%' order by seq`
        ).map((row) => `${row.name} ${row.by}`),
      )
      .toEqual(['person.signed_in person', 'person.sign_in_failed system'])
  })
})

describe('a session', () => {
  test('opens the dashboard’s door and not REST', async () => {
    const ana = await makeAccount(world, project)
    const { cookie, query } = await signIn(url, ana)
    expect((await query('me.get')).status).toBe(200)
    for (const path of ['/v1/keys', '/v1/approvals', '/v1/settings', '/v1/users'])
      expect(
        await ask('GET', path, { headers: { cookie: cookie(), 'x-countersign-project': project.id } }),
      ).toMatchObject({
        status: 401,
        body: { code: 'MISSING_API_KEY' },
      })
  })

  test('ends when its person signs out, and the browser forgets it', async () => {
    const ana = await makeAccount(world, project)
    const browser = await signIn(url, ana)
    const cookie = browser.session() ?? ''
    expect(await browser.post('/auth/sign-out')).toMatchObject({ status: 200, text: '{}' })
    expect(browser.session()).toBeUndefined()
    const again = await ask('GET', '/trpc/me.get?input=%7B%7D', {
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
    })
    expect(again).toMatchObject({ status: 401 })
    const [row] =
      await sql`select count(*)::int as n from events where name = 'person.signed_out' and target = ${`person:${ana.id}`}`
    expect(row?.n).toBe(1)
  })

  test('cannot be used twice in one request, nor with a signature of another', async () => {
    const ana = await makeAccount(world, project)
    const { session } = await signIn(url, ana)
    const cookie = session() ?? ''
    for (const bad of [
      `${cookie}; ${cookie}`,
      cookie.replace(/.{4}$/, 'AAAA'),
      cookie.replace('%2B', '+').slice(0, -1),
    ])
      expect(
        (await ask('GET', '/trpc/me.get?input=%7B%7D', { headers: { cookie: bad, 'sec-fetch-site': 'same-origin' } }))
          .status,
      ).toBe(401)
  })
})

describe('below /auth', () => {
  test.each([
    ['GET', '/auth/get-session'],
    ['POST', '/auth/sign-up/email'],
    ['POST', '/auth/update-user'],
    ['POST', '/auth/change-email'],
    ['POST', '/auth/delete-user'],
    ['POST', '/auth/link-social'],
    ['GET', '/auth/list-sessions'],
    ['GET', '/auth/list-accounts'],
    ['POST', '/auth/get-access-token'],
    ['GET', '/auth/ok'],
    ['GET', '/auth/error'],
    ['POST', '/auth/two-factor/get-totp-uri'],
    ['POST', '/auth/two-factor/send-otp'],
    ['GET', '/auth/reset-password/abc?callbackURL=/'],
    ['POST', '/auth/callback/github'],
    ['GET', '/auth/sign-in/email'],
    ['GET', '/auth/'],
    ['GET', '/auth'],
  ])('%s %s is not there', async (method, path) => {
    const browser = await signIn(url, await makeAccount(world, project))
    const reply = await ask(method, path, {
      headers: { cookie: browser.cookie(), origin: url, 'sec-fetch-site': 'same-origin' },
    })
    expect(reply).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  })

  test('refusals have our shape and our headers, and name what was wrong', async () => {
    const reply = await signInBrowser(url).post('/auth/sign-in/email', {
      email: 'x',
      password: goodPassword,
      admin: true,
    })
    expect(reply).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', request_id: reply.headers['x-request-id'] },
    })
    expect((reply.body.issues as { path: string }[]).map((one) => one.path)).toEqual(['email', 'admin'])
    expect(reply.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-ratelimit-limit': '1000000',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    })
  })

  test('what needs a session answers SIGNED_OUT without one, and with an API key', async () => {
    const { key } = await makeKey(world, project, 'admin')
    const bodies: Record<string, object> = {
      '/auth/change-password': { currentPassword: goodPassword, newPassword: goodPassword },
      '/auth/two-factor/enable': { password: goodPassword },
      '/auth/passkey/delete-passkey': { id: project.id },
    }
    for (const [path, body] of Object.entries(bodies))
      for (const headers of [undefined, { authorization: `Bearer ${key}` }])
        expect(await signInBrowser(url).post(path, body, headers)).toMatchObject({
          status: 401,
          body: { code: 'SIGNED_OUT' },
        })
  })
})
