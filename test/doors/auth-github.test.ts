import { describe, expect, test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import { atomically } from '../../server/lib/transaction.ts'
import { makeInvitation } from '../../server/users/inviting.ts'
import { githubUser, startGithub } from '../github.ts'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { signInBrowser } from '../sign-in.ts'

const github = await startGithub()
const { url, world } = await serve(github.variables)
const open = await serve({ ...github.variables, SIGN_UP: 'open' })
const { sql } = world.db
const project = await makeProject(world)

/** An address of its own for each test. */
let count = 0
const fresh = () => `gh${++count}@example.com`

const invite = (email: string) =>
  atomically(sql, (tx) => makeInvitation(tx, systemCtx(world, 'test'), project.id, email, 'MEMBER'))

type Browser = ReturnType<typeof signInBrowser>

/** From the button to GitHub: where GitHub sends the browser back to. */
async function toGithub(browser: Browser, body: object = {}): Promise<string> {
  const reply = await browser.post('/auth/sign-in/social', { provider: 'github', callbackURL: '/p', ...body })
  expect(reply.status).toBe(200)
  return github.visit(String(reply.body.url))
}

/** Comes back with what GitHub gave: where the browser lands. */
const back = async (browser: Browser, location: string, at = url) =>
  (await browser.get(location.slice(at.length), { 'sec-fetch-site': 'cross-site' })).headers.location

/** The whole way; answers the browser and where it landed. */
async function signIn(email: string, body: object = {}, at = url) {
  github.as(githubUser(email))
  const browser = signInBrowser(at)
  const landed = await back(browser, await toGithub(browser, body), at)
  return { ...browser, landed }
}

const identities = async (email: string) => [
  ...(await sql`
    select i.* from identities i join people p on p.id = i.person_id where p.email = ${email} and i.provider_id = 'github'`),
]

describe('signing in with GitHub', () => {
  test('makes an account for an invited address, signs in, and joins with the invitation that was carried along', async () => {
    const email = fresh()
    const { url: link } = await invite(email)
    const { landed, query, session } = await signIn(email, { ticket: link.slice(-26) })
    expect(landed).toBe('/p')
    expect(session()).toBeDefined()
    const me = await query('me.get')
    expect(me.body).toMatchObject({
      result: {
        data: {
          email,
          name: 'Git Hub',
          github: true,
          has_password: false,
          projects: [{ id: project.id, role: 'MEMBER' }],
        },
      },
    })
    expect(github.asked.slice(-4).sort()).toEqual([
      'GET /api/v3/user',
      'GET /api/v3/user/emails',
      'GET /login/oauth/authorize',
      'POST /login/oauth/access_token',
    ])
  })

  test('keeps nothing of what GitHub gave to ask it with', async () => {
    const email = fresh()
    await invite(email)
    await signIn(email)
    expect(await identities(email)).toMatchObject([
      { access_token: null, refresh_token: null, id_token: null, scope: null, password: null },
    ])
  })

  test('finds the same person again, whatever their address at GitHub is by then', async () => {
    const email = fresh()
    await invite(email)
    await signIn(email)
    github.as(githubUser(email, { emails: [{ email: fresh(), primary: true, verified: true }] }))
    const browser = signInBrowser(url)
    await back(browser, await toGithub(browser))
    expect((await browser.query('me.get')).body).toMatchObject({ result: { data: { email } } })
    expect(await identities(email)).toHaveLength(1)
  })

  test('makes no account where sign-up asks for an invitation, and any where it is open', async () => {
    const email = fresh()
    const { landed, session } = await signIn(email)
    expect(landed).toBe('/sign-in?error=SIGN_UP_CLOSED')
    expect(session()).toBeUndefined()
    expect(await sql`select 1 from people where email = ${email}`).toHaveLength(0)
    expect((await signIn(email, { errorCallbackURL: '/join' })).landed).toBe('/join?error=SIGN_UP_CLOSED')
    expect((await signIn(email, {}, open.url)).landed).toBe('/p')
  })

  test.each<[string, (email: string) => { email: string; primary: boolean; verified: boolean }[]]>([
    ['an unverified address', (email) => [{ email, primary: true, verified: false }]],
    ['a verified one that is not the primary', (email) => [{ email, primary: false, verified: true }]],
    [
      'a verified one beside an unverified primary',
      (email) => [
        { email: `x${email}`, primary: true, verified: false },
        { email, primary: false, verified: true },
      ],
    ],
    ['no address', () => []],
    ['a look-alike in other letters', (email) => [{ email: email.replace('g', 'ɡ'), primary: true, verified: true }]],
  ])('does not take %s', async (_, emails) => {
    const email = fresh()
    await invite(email)
    github.as(githubUser(email, { emails: emails(email) }))
    const browser = signInBrowser(url)
    expect(await back(browser, await toGithub(browser))).toBe('/sign-in?error=GITHUB_UNVERIFIED')
    expect(browser.session()).toBeUndefined()
  })

  test('joins an account of the same address when both sides have proven it, and tells so', async () => {
    const person = await makePerson(world, project)
    const { landed } = await signIn(person.email)
    expect(landed).toBe('/p')
    const rows = await sql`select name from events where target = ${`person:${person.id}`} order by seq`
    expect(rows.map((row) => row.name)).toEqual(['person.secured', 'person.signed_in'])
  })

  test('does not join an account whose address nobody proved', async () => {
    const person = await makePerson(world, project)
    await sql`update people set email_verified = false where id = ${person.id}`
    const { landed, session } = await signIn(person.email)
    expect(landed).toBe('/sign-in?error=GITHUB_NOT_LINKED')
    expect(session()).toBeUndefined()
    expect(await identities(person.email)).toHaveLength(0)
  })

  test('that is refused at GitHub lands on the sign-in page with a code of ours and nothing else', async () => {
    github.as(undefined)
    const browser = signInBrowser(url)
    expect(await back(browser, await toGithub(browser))).toBe('/sign-in?error=GITHUB_FAILED')
  })

  test('remembers the device when that was asked for at the button', async () => {
    const person = await makePerson(world, project)
    const browser = await signIn(person.email, { rememberMe: true })
    expect((await browser.query('me.sessions')).text).toContain('"remembered":true')
    expect((await signIn(person.email)).landed).toBe('/p')
  })
})

describe('the state of the round trip', () => {
  const email = fresh()

  test('works once', async () => {
    await makePerson(world, project, 'MEMBER', { email })
    github.as(githubUser(email))
    const browser = signInBrowser(url)
    const location = await toGithub(browser)
    const jar = new Map(browser.jar)
    expect(await back(browser, location)).toBe('/p')
    for (const [name, pair] of jar) browser.jar.set(name, pair)
    browser.jar.delete('__Host-countersign_session')
    expect(await back(browser, location)).toBe('/sign-in?error=GITHUB_FAILED')
    expect(browser.session()).toBeUndefined()
  })

  test.each<[string, (location: URL, browser: Browser) => unknown]>([
    ['another state', (at) => at.searchParams.set('state', 'A'.repeat(32))],
    ['no state', (at) => at.searchParams.delete('state')],
    ['no code', (at) => at.searchParams.delete('code')],
    ['another code', (at) => at.searchParams.set('code', 'f'.repeat(20))],
    ['another browser', (_at, browser) => browser.jar.clear()],
  ])('does not work with %s', async (_, change) => {
    github.as(githubUser(email))
    const browser = signInBrowser(url)
    const at = new URL(await toGithub(browser))
    change(at, browser)
    expect(await back(browser, at.href)).toBe('/sign-in?error=GITHUB_FAILED')
    expect(browser.session()).toBeUndefined()
  })

  test('of one browser’s trip does not take another’s code (login forced on somebody)', async () => {
    github.as(githubUser(email))
    const [mallory, victim] = [signInBrowser(url), signInBrowser(url)]
    const hers = await toGithub(mallory)
    const own = new URL(await toGithub(victim))
    own.searchParams.set('code', new URL(hers).searchParams.get('code') ?? '')
    // The double holds each code to the S256 challenge it was given for.
    expect(await back(victim, own.href)).toBe('/sign-in?error=GITHUB_FAILED')
    expect(await back(victim, hers)).toBe('/sign-in?error=GITHUB_FAILED')
    expect(victim.session()).toBeUndefined()
  })
})

describe('where the round trip ends', () => {
  test.each(['/', '/p', '/p/01ARZ3NDEKTSV4RRFFQ69G5FAV/inbox', '/a/0123456789ABCDEFGHJKMNPQRS', '/x/y/?a=b&c=%20d'])(
    'may be %s',
    async (to) => {
      const person = await makePerson(world, project)
      expect((await signIn(person.email, { callbackURL: to })).landed).toBe(to)
    },
  )

  test('another provider, or a token given beforehand, is not taken', async () => {
    for (const body of [
      { provider: 'google' },
      { provider: 'github', idToken: { token: 'x' } },
      { provider: 'github', scopes: ['repo'] },
    ])
      expect(await signInBrowser(url).post('/auth/sign-in/social', body)).toMatchObject({ status: 400 })
  })
})

test('without GitHub’s settings there is no sign-in with GitHub', async () => {
  const bare = await serve()
  expect(await signInBrowser(bare.url).post('/auth/sign-in/social', { provider: 'github' })).toMatchObject({
    status: 404,
  })
})
