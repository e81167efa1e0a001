import { describe, expect, test } from 'vitest'
import { mailbox } from '../mailbox.ts'
import { makeProject } from '../make.ts'
import { serve } from '../serve.ts'
import { goodPassword, makeAccount, signIn, signInBrowser } from '../sign-in.ts'
import { codeOf } from '../totp.ts'

const box = await mailbox()
const address = { SMTP_URL: box.url }
const { url, world } = await serve(address)
const { sql } = world.db
const node = await serve(address, { address: world.address })
const project = await makeProject(world)

const eventsOf = async (id: string) =>
  (
    await sql`select name, payload->>'change' as change, payload->>'method' as method from events where target = ${`person:${id}`} order by seq`
  ).map((row) => [row.name, row.change ?? row.method].filter(Boolean).join(' '))

/** An account with a second factor, and its key URI and backup codes. The time steps used so far are forgotten. */
async function secured() {
  const ana = await makeAccount(world, project)
  const browser = await signIn(url, ana)
  const { totpURI, backupCodes } = (await browser.post('/auth/two-factor/enable', { password: ana.password })).body as {
    totpURI: string
    backupCodes: string[]
  }
  expect(await browser.post('/auth/two-factor/verify-totp', { code: await codeOf(totpURI) })).toMatchObject({
    status: 200,
    text: '{}',
  })
  await forget(ana.id)
  return { ...ana, browser, totpURI, backupCodes }
}
const forget = (id: string) => sql`update two_factors set last_step = 0 where person_id = ${id}`

describe('a second factor', () => {
  test('is asked for at the next sign-in, which opens nothing before the code', async () => {
    const ana = await secured()
    const browser = await signIn(url, ana)
    expect(browser.reply).toMatchObject({ status: 200, body: { two_factor: true } })
    expect(browser.session()).toBeUndefined()
    expect((await browser.query('me.get')).status).toBe(401)
    expect(
      await sql`select 1 from sessions where person_id = ${ana.id} and created_at > now() - interval '2 seconds' and token is null`,
    ).toHaveLength(0)
    const code = await codeOf(ana.totpURI)
    expect(
      await browser.post('/auth/two-factor/verify-totp', { code: ` ${code.slice(0, 3)} ${code.slice(3)} ` }),
    ).toMatchObject({ status: 200, text: '{}' })
    expect((await browser.query('me.get')).body).toMatchObject({ result: { data: { two_factor: true } } })
    expect(await eventsOf(ana.id)).toEqual([
      'person.signed_in password',
      'person.secured two_factor_on',
      'person.signed_in two_factor',
    ])
  })

  test('leaves no session of the first step behind', async () => {
    const ana = await secured()
    const before = await sql`select id from sessions where person_id = ${ana.id}`
    await signIn(url, ana)
    expect(await sql`select id from sessions where person_id = ${ana.id}`).toEqual(before)
  })

  test('remembers what was asked at the first step', async () => {
    const ana = await secured()
    const browser = await signIn(url, ana, { rememberMe: true })
    const reply = await browser.post('/auth/two-factor/verify-totp', { code: await codeOf(ana.totpURI) })
    expect(String(reply.headers['set-cookie'])).toMatch(
      /_session=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=\d{6,}/,
    )
    expect((await browser.query('me.sessions')).text).toContain('"remembered":true')
  })

  test('takes a time step once, and none older than the last, on every node', async () => {
    const ana = await secured()
    const [older, code] = [await codeOf(ana.totpURI, -1), await codeOf(ana.totpURI)]
    const first = await signIn(url, ana)
    expect((await first.post('/auth/two-factor/verify-totp', { code })).status).toBe(200)
    for (const at of [url, node.url])
      for (const used of [code, older, `${code.slice(0, 3)} ${code.slice(3)}`])
        expect(await (await signIn(at, ana)).post('/auth/two-factor/verify-totp', { code: used })).toMatchObject({
          status: 403,
          body: { code: 'WRONG_CODE' },
        })
    const next = await signIn(node.url, ana)
    expect((await next.post('/auth/two-factor/verify-totp', { code: await codeOf(ana.totpURI, 1) })).status).toBe(200)
  })

  test('lets one of racing uses of a code in, over two nodes', async () => {
    for (let round = 0; round < 5; round++) {
      const ana = await secured()
      const code = await codeOf(ana.totpURI)
      const browsers = await Promise.all([url, node.url, url, node.url, url, node.url].map((at) => signIn(at, ana)))
      const replies = await Promise.all(browsers.map((one) => one.post('/auth/two-factor/verify-totp', { code })))
      expect(replies.filter((one) => one.status === 200)).toHaveLength(1)
    }
  })

  test('is used up by five wrong codes: the sign-in starts again, and the failures are told', async () => {
    const ana = await secured()
    const browser = await signIn(url, ana)
    const codes = []
    for (let n = 0; n < 6; n++)
      codes.push((await browser.post('/auth/two-factor/verify-totp', { code: '000000' })).body.code)
    expect(codes).toEqual([...Array(5).fill('WRONG_CODE'), 'SIGNED_OUT'])
    expect((await browser.post('/auth/two-factor/verify-totp', { code: await codeOf(ana.totpURI) })).status).toBe(401)
    await expect
      .poll(async () => (await eventsOf(ana.id)).filter((one) => one === 'person.sign_in_failed').length)
      .toBe(5)
  })

  test('has backup codes that work once each, and end when new ones are made', async () => {
    const ana = await secured()
    const [code = '', second = ''] = ana.backupCodes
    const use = async (one: string) =>
      (await signIn(url, ana)).post('/auth/two-factor/verify-backup-code', { code: one })
    expect((await use(code)).status).toBe(200)
    expect(await use(code)).toMatchObject({ status: 403, body: { code: 'WRONG_CODE' } })
    const made = await ana.browser.post('/auth/two-factor/generate-backup-codes', { password: ana.password })
    expect(made.body.backupCodes).toHaveLength(10)
    expect((await use(second)).status).toBe(403)
  })

  test('is not taken from another browser than the one with the password', async () => {
    const ana = await secured()
    const stranger = signInBrowser(url)
    expect(await stranger.post('/auth/two-factor/verify-totp', { code: await codeOf(ana.totpURI) })).toMatchObject({
      status: 401,
      body: { code: 'SIGNED_OUT' },
    })
  })

  test('goes on and off by the password only, within ten minutes of a sign-in, and both are told', async () => {
    const ana = await secured()
    for (const path of ['enable', 'disable', 'generate-backup-codes'])
      expect(await ana.browser.post(`/auth/two-factor/${path}`, { password: 'not-her-password' })).toMatchObject({
        body: { code: 'WRONG_SIGN_IN' },
      })
    expect(await ana.browser.post('/auth/two-factor/enable', { password: ana.password })).toMatchObject({
      status: 409,
      body: { code: 'TWO_FACTOR_ON' },
    })
    await sql`update sessions set proven_at = now() - interval '11 minutes' where person_id = ${ana.id}`
    // Asked until every node has heard, by what a session that is still fresh may do again and again.
    const ask = (path: string) => ana.browser.post(`/auth/two-factor/${path}`, { password: ana.password })
    await expect.poll(async () => (await ask('generate-backup-codes')).body.code).toBe('SIGN_IN_AGAIN')
    expect((await ask('disable')).body.code).toBe('SIGN_IN_AGAIN')
    await sql`update sessions set proven_at = now() where person_id = ${ana.id}`
    await expect.poll(async () => (await ask('disable')).status).toBe(200)
    expect(await eventsOf(ana.id)).toContain('person.secured two_factor_off')
    expect((await signIn(url, ana)).reply.body).toEqual({})
  })
})

describe('a password', () => {
  test('is changed by whoever knows it, which ends every other session', async () => {
    const ana = await makeAccount(world, project)
    const [here, there] = [await signIn(url, ana), await signIn(url, ana)]
    const change = (currentPassword: string, newPassword: string) =>
      here.post('/auth/change-password', { currentPassword, newPassword })
    expect(await change('not-her-password', `${goodPassword}-2`)).toMatchObject({
      status: 401,
      body: { code: 'WRONG_SIGN_IN' },
    })
    expect(await change(ana.password, 'password1234')).toMatchObject({
      status: 400,
      body: { issues: [{ path: 'newPassword' }] },
    })
    const before = here.session()
    expect(await change(ana.password, `${goodPassword}-2`)).toMatchObject({ status: 200, text: '{}' })
    expect(here.session()).not.toBe(before)
    expect((await here.query('me.get')).status).toBe(200)
    await expect.poll(async () => (await there.query('me.get')).status).toBe(401)
    expect((await signIn(url, ana)).reply.status).toBe(401)
    expect((await signIn(url, { ...ana, password: `${goodPassword}-2` })).reply.status).toBe(200)
    expect(await eventsOf(ana.id)).toContain('person.secured password')
  })

  test('is reset by a mailed link that works once, which ends every session', async () => {
    const ana = await makeAccount(world, project)
    await sql`update people set email_verified = false where id = ${ana.id}`
    const here = await signIn(url, ana)
    const [known, unknown] = [
      await signInBrowser(url).post('/auth/request-password-reset', { email: ana.email }),
      await signInBrowser(url).post('/auth/request-password-reset', { email: 'nobody@example.com' }),
    ]
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text])
    await box.arrived(1)
    const mail = box.mails.find((one) => one.to[0] === ana.email)
    const token = new RegExp(`${url}/reset-password#([A-Za-z0-9]{24})`).exec(mail?.text ?? '')?.[1] ?? ''
    const reset = (newPassword: string) => signInBrowser(url).post('/auth/reset-password', { token, newPassword })
    expect(await reset(`${ana.email}1`)).toMatchObject({ status: 400, body: { issues: [{ path: 'newPassword' }] } })
    expect(await reset(`${goodPassword}-3`)).toMatchObject({ status: 200, text: '{}' })
    expect(await reset(`${goodPassword}-4`)).toMatchObject({ status: 403, body: { code: 'RESET_GONE' } })
    await expect.poll(async () => (await here.query('me.get')).status).toBe(401)
    expect((await signIn(url, { ...ana, password: `${goodPassword}-3` })).reply.status).toBe(200)
    expect(await sql`select email_verified from people where id = ${ana.id}`).toEqual([{ email_verified: true }])
    expect(box.mails).toHaveLength(1)
  })

  test('cannot be reset where no mail can be sent, which says so to everybody', async () => {
    const bare = await serve()
    expect(
      await signInBrowser(bare.url).post('/auth/request-password-reset', { email: 'nobody@example.com' }),
    ).toMatchObject({
      status: 409,
      body: { code: 'MAIL_OFF' },
    })
  })
})
