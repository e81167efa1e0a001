import { describe, expect, test } from 'vitest'
import { routes } from '../../server/auth/routes.ts'
import { openLog } from '../../server/lib/log.ts'
import { bodyForms, foreignPlaces } from '../foreign.ts'
import { githubUser, startGithub } from '../github.ts'
import { asker } from '../http.ts'
import { mailbox } from '../mailbox.ts'
import { makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { serve } from '../serve.ts'
import { goodPassword, makeAccount, signIn, signInBrowser } from '../sign-in.ts'

const box = await mailbox()
const github = await startGithub()
const lines: string[] = []
const log = openLog('trace', { write: (line) => void lines.push(line) })
const { url, world } = await serve({ ...github.variables, SMTP_URL: box.url }, { log })
const { sql } = world.db
const owner = ownerOf(world)
const project = await makeProject(world)
const ask = asker(url)
const ana = await makeAccount(world, project)

describe('another site’s page', async () => {
  const places: ReturnType<typeof foreignPlaces> = { ...foreignPlaces(url), 'no header': {} }
  const victim = await signIn(url, ana)
  const fields: Record<string, object> = {
    '/sign-in/email': { email: ana.email, password: ana.password },
    '/sign-in/social': { provider: 'github' },
    '/two-factor/enable': { password: ana.password },
    '/two-factor/disable': { password: ana.password },
    '/two-factor/generate-backup-codes': { password: ana.password },
    '/request-password-reset': { email: ana.email },
    '/change-password': { currentPassword: ana.password, newPassword: `${goodPassword}-2` },
  }
  /** All that could have been done. */
  const state = async () =>
    JSON.stringify(
      await Promise.all([
        sql`select id, expires_at, proven_at from sessions order by id`,
        sql`select id, password from identities order by id`,
        sql`select * from two_factors`,
        sql`select id, two_factor_enabled from people order by id`,
        sql`select id from verifications order by id`,
        sql`select count(*)::int from graphile_worker.jobs`,
        sql`select count(*)::int from events`,
      ]),
    )
  const paths = routes.filter((route) => route.method === 'POST').map((route) => route.path)

  test('is tried with every change there is', () => {
    expect(paths.length).toBe(14)
  })
  test.each(
    paths.flatMap((path) =>
      Object.keys(places).flatMap((place) => Object.keys(bodyForms).map((body) => [path, place, body] as const)),
    ),
  )('does nothing by POST /auth%s from %s as %s', async (path, place, shape) => {
    const before = await state()
    const { type, body } = bodyForms[shape]?.(fields[path] ?? {}) ?? { type: '', body: '' }
    const reply = await ask('POST', `/auth${path}`, {
      headers: { cookie: victim.cookie(), 'content-type': type, ...places[place] },
      body,
    })
    expect(reply).toMatchObject({ status: 403, body: { code: 'CSRF_FAILED' } })
    expect(reply.headers['set-cookie']).toBeUndefined()
    expect(await state()).toBe(before)
  })
  test.each(Object.keys(bodyForms).filter((one) => one !== 'json'))(
    'nor does a page of ours that sends %s',
    async (shape) => {
      const before = await state()
      for (const path of paths) {
        const { type, body } = bodyForms[shape]?.(fields[path] ?? {}) ?? { type: '', body: '' }
        const reply = await ask('POST', `/auth${path}`, {
          headers: { cookie: victim.cookie(), 'content-type': type, origin: url, 'sec-fetch-site': 'same-origin' },
          body,
        })
        expect(reply).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } })
      }
      expect(await state()).toBe(before)
    },
  )
  test('and the victim is still signed in after all of it', async () => {
    expect((await victim.query('me.get')).status).toBe(200)
  })
})

describe('guessing a password', async () => {
  const { url: at, world: limited } = await serve({
    RATE_LIMITS: '*=1000000/60,password try=5/900',
    TRUSTED_PROXIES: '127.0.0.1',
  })
  const place = await makeProject(limited)
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })

  test('is stopped for the guesser, also with the right password, while the owner signs in from elsewhere', async () => {
    const victim = await makeAccount(limited, place)
    const codes = []
    for (let n = 0; n < 8; n++)
      codes.push((await signIn(at, { ...victim, password: `wrong guess ${n}` }, from('203.0.113.9'))).reply.body.code)
    expect(codes).toEqual([...Array(5).fill('WRONG_SIGN_IN'), ...Array(3).fill('RATE_LIMITED')])
    const late = (await signIn(at, victim, from('203.0.113.9'))).reply
    expect(late).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } })
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(800)
    expect((await signIn(at, victim, from('198.51.100.7'))).reply.status).toBe(200)
  })

  test('is counted before it is checked: of 40 at once five are evaluated', async () => {
    const victim = await makeAccount(limited, place)
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        signIn(at, { ...victim, password: `wrong guess ${n}` }, from('203.0.113.10')),
      ),
    )
    const evaluated = replies.filter(({ reply }) => reply.body.code === 'WRONG_SIGN_IN')
    expect(evaluated).toHaveLength(5)
  })

  test('counts all of an IPv6 network as one guesser, and a made-up address like a real one', async () => {
    const victim = await makeAccount(limited, place)
    for (const email of [victim.email, 'nobody@example.com']) {
      const codes = []
      for (let n = 0; n < 6; n++)
        codes.push((await signIn(at, { email, password: 'wrong guess' }, from(`2001:db8:1:2::${n}`))).reply.body.code)
      expect(codes).toEqual([...Array(5).fill('WRONG_SIGN_IN'), 'RATE_LIMITED'])
    }
  })

  test('by somebody who took a session over is stopped as well', async () => {
    const victim = await makeAccount(limited, place)
    const thief = await signIn(at, victim, from('203.0.113.11'))
    const codes = []
    for (let n = 0; n < 6; n++) {
      const body = { currentPassword: `wrong guess ${n}`, newPassword: `${goodPassword}-2` }
      codes.push((await thief.post('/auth/change-password', body, from('203.0.113.11').headers)).body.code)
    }
    expect(codes).toEqual([...Array(4).fill('WRONG_SIGN_IN'), 'RATE_LIMITED', 'RATE_LIMITED'])
  })

  test('leaves no address in the counters', async () => {
    const rows = await limited.db.sql`select key from rates`
    expect(rows.length).toBeGreaterThan(4)
    expect(JSON.stringify(rows)).not.toMatch(/@|example/)
  })
})

test('the sign-in is limited by network over all of its routes', async () => {
  const { url: at } = await serve({ RATE_LIMITS: '*=1000000/60,sign in=6/60' })
  const browser = signInBrowser(at)
  const replies = [
    await browser.post('/auth/sign-in/email', { email: 'a@example.com', password: 'x' }),
    await browser.post('/auth/sign-out'),
    await browser.get('/auth/passkey/generate-authenticate-options'),
    await browser.get('/auth/callback/github?state=x&code=y'),
    await browser.post('/auth/reset-password', { token: 'A'.repeat(24), newPassword: goodPassword }),
    await browser.post('/auth/two-factor/verify-totp', { code: '123456' }),
  ]
  expect(replies.map((one) => one.headers['x-ratelimit-remaining'])).toEqual(['5', '4', '3', '2', '1', '0'])
  expect(await browser.post('/auth/sign-out')).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } })
  expect((await browser.get('/auth/callback/github?state=x&code=y')).headers.location).toBe(
    '/sign-in?error=RATE_LIMITED',
  )
})

describe('a dump of the database, and the log', () => {
  /** Every row of every table as text. */
  const everything = async () => {
    const tables = await owner<{ name: string }[]>`
      select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`
    const rows = await Promise.all(tables.map(({ name }) => owner.unsafe(`select t::text as row from ${name} t`)))
    return rows
      .flat()
      .map((one) => String(one.row))
      .join('\n')
  }
  const secrets: Record<string, string[]> = {}

  test('hold nothing that signs anybody in', async () => {
    const bob = await makeAccount(world, project)
    const browser = await signIn(url, bob)
    const value = decodeURIComponent(browser.session()?.split('=').slice(1).join('=') ?? '')
    secrets.session = [value, value.split('.')[0] ?? '']
    secrets.password = [goodPassword, bob.password]
    const enabled = await browser.post('/auth/two-factor/enable', { password: bob.password })
    expect(enabled.status).toBe(200)
    secrets.backup = enabled.body.backupCodes as string[]
    secrets.totp = [new URL(String(enabled.body.totpURI)).searchParams.get('secret') ?? '']
    const before = box.mails.length
    await signInBrowser(url).post('/auth/request-password-reset', { email: bob.email })
    const early = await everything()
    const [mail] = (await box.arrived(before + 1)).slice(before)
    secrets.reset = [/\/reset-password#([A-Za-z0-9]+)/.exec(mail?.text ?? '')?.[1] ?? '']
    github.as(githubUser(bob.email))
    const trip = signInBrowser(url)
    const start = await trip.post('/auth/sign-in/social', {
      provider: 'github',
      callbackURL: '/a/0123456789ABCDEFGHJKMNPQRS',
      ticket: 'ABCDEFGHJKMNPQRSTVWXYZ0123',
    })
    const location = await github.visit(String(start.body.url))
    secrets.state = [new URL(location).searchParams.get('state') ?? '']
    secrets.links = ['0123456789ABCDEFGHJKMNPQRS', 'ABCDEFGHJKMNPQRSTVWXYZ0123']
    const during = await everything()
    await trip.get(location.slice(url.length))
    secrets.github = [...github.tokens.keys()]
    const dumps = [early, during, await everything(), lines.join('\n')].join('\n')
    expect(Object.keys(secrets)).toHaveLength(8)
    for (const secret of Object.values(secrets).flat()) {
      expect(secret.length).toBeGreaterThan(8)
      expect(dumps).not.toContain(secret)
      expect(dumps).not.toContain(Buffer.from(secret).toString('hex'))
      expect(dumps).not.toContain(Buffer.from(secret).toString('base64').slice(0, 12))
    }
    expect(dumps).toContain(bob.id)
  })

  test('and what they hold signs nobody in: a stored digest is no token', async () => {
    const [session] = await sql`select token from sessions limit 1`
    const [step] = await sql`select identifier from verifications limit 1`
    const browser = signInBrowser(url)
    browser.jar.set('__Host-countersign_session', `__Host-countersign_session=${session?.token}.x`)
    expect((await browser.query('me.get')).status).toBe(401)
    expect(await browser.get(`/auth/callback/github?code=x&state=${step?.identifier}`)).toMatchObject({
      headers: { location: '/sign-in?error=GITHUB_FAILED' },
    })
  })
})
