import { ulid } from 'ulid'
import { beforeEach, describe, expect, test } from 'vitest'
import { hmac } from '../../server/lib/crypto.ts'
import { freshSetupLink } from '../../server/setup/owner.ts'
import { asVisitor } from '../as.ts'
import { githubUser, startGithub } from '../github.ts'
import { makeProject } from '../make.ts'
import { joinProject, makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { serve, worldAt } from '../serve.ts'
import { goodPassword, signIn, signInBrowser } from '../sign-in.ts'

const github = await startGithub()
const { url, world, setupLink } = await serve({ ...github.variables, SIGN_UP: 'open' })
const { sql } = world.db
const visitor = asVisitor(world)

/** A fresh instance again, and its link. */
let token = setupLink?.slice(-26) ?? ''
beforeEach(async () => {
  await sql`delete from people`
  await sql`delete from projects where test_of is null`
  token = (await freshSetupLink(world))?.slice(-26) ?? ''
})

const wish = (more: object = {}) => ({
  token,
  name: 'Ana Silva',
  email: `${ulid().toLowerCase()}@example.com`,
  password: goodPassword,
  project: 'shop',
  ...more,
})

test('the server’s start gives a link of its own to the set-up page', () => {
  expect(setupLink).toMatch(new RegExp(`^${url}/setup#[0-9A-HJKMNP-TV-Z]{26}$`))
})

describe('the set-up link', () => {
  test('makes the owner, the session and the first project, and tells it', async () => {
    expect(await visitor.setup.state({})).toMatchObject({ open: true, github: true, mail: false, your_ip: '127.0.0.1' })
    const browser = signInBrowser(url)
    const input = wish()
    const reply = await browser.mutate('setup.claim', input)
    expect(reply.status).toBe(200)
    expect(String(reply.headers['set-cookie'])).toMatch(
      /^__Host-countersign_session=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    )
    const me = await browser.query('me.get')
    expect(me.body).toMatchObject({
      result: {
        data: {
          email: input.email,
          runs_instance: true,
          has_password: true,
          projects: [{ name: 'shop', role: 'OWNER' }],
        },
      },
    })
    const told = await sql`
      select e.name from events e join projects p on p.id = e.project_id where p.name = 'shop' order by seq`
    expect(told.map((row) => row.name)).toEqual(['project.created', 'person.joined', 'person.signed_in'])
    expect(await visitor.setup.state({})).toMatchObject({ open: false })
    expect((await signIn(url, input)).reply.status).toBe(200)
  })

  test('is read in any case, and is nowhere in the database', async () => {
    const [row] = await sql`select encode(setup_digest, 'escape') as text, setup_digest from instance`
    expect(String(row?.text)).not.toContain(token)
    expect(row?.setup_digest).not.toEqual(hmac(new Uint8Array(32), token))
    expect(await codeOf(visitor.setup.claim(wish({ token: token.toLowerCase() })))).toBe('done')
  })

  test('works once; after it nothing sets the instance up again, not even a new start', async () => {
    await visitor.setup.claim(wish())
    expect(await codeOf(visitor.setup.claim(wish()))).toBe('SETUP_DONE')
    expect(await freshSetupLink(world)).toBeUndefined()
    expect(await codeOf(visitor.setup.claim(wish({ token: '0'.repeat(26) })))).toBe('SETUP_DONE')
  })

  test('of an earlier start, or a guess, is not found', async () => {
    const old = token
    await freshSetupLink(world)
    expect(await codeOf(visitor.setup.claim(wish({ token: old })))).toBe('NOT_FOUND')
    expect(await codeOf(visitor.setup.claim(wish({ token: '0'.repeat(26) })))).toBe('NOT_FOUND')
    expect(await sql`select 1 from people`).toHaveLength(0)
  })

  test('refuses a weak password and a bad name, and can be used after that', async () => {
    expect(await faultyFields(visitor.setup.claim(wish({ password: 'password1234' })))).toEqual(['password'])
    expect(await faultyFields(visitor.setup.claim(wish({ project: '/' })))).toEqual(['project'])
    expect(await faultyFields(visitor.setup.claim(wish({ email: 'аna@example.com' })))).toEqual(['email'])
    expect(await codeOf(visitor.setup.claim(wish()))).toBe('done')
  })

  test('stays open beside projects of the command line, and hands over those that have nobody', async () => {
    const [mine, theirs] = [await makeProject(world, 'cli made'), await makeProject(world, 'of others')]
    await makePerson(world, theirs, 'OWNER')
    expect(await visitor.setup.state({})).toMatchObject({ open: true })
    expect(await codeOf(visitor.setup.claim(wish({ project: 'of others' })))).toBe('NAME_TAKEN')
    const { project_id } = await visitor.setup.claim(wish({ project: 'cli made' }))
    expect(project_id).toBe(mine.id)
    const rows = await sql`
      select m.project_id from memberships m join people p on p.id = m.person_id where p.runs_instance`
    expect(rows.map((row) => row.project_id)).toEqual([mine.id])
  })

  test('is not spent by somebody who has an account: a refused claim leaves nothing behind', async () => {
    const project = await makeProject(world)
    const { email } = await makePerson(world, project)
    expect(await faultyFields(visitor.setup.claim(wish({ email })))).toEqual(['email'])
    expect(await codeOf(visitor.setup.claim(wish()))).toBe('done')
  })
})

/** How many of 24 racing claims made an owner. */
async function race(claim: (n: number) => Promise<unknown>): Promise<number> {
  const codes = await Promise.all(Array.from({ length: 24 }, (_, n) => codeOf(claim(n))))
  const won = codes.filter((code) => code === 'done').length
  expect(codes.filter((code) => code !== 'done').every((code) => code === 'SETUP_DONE' || code === 'NOT_FOUND')).toBe(
    true,
  )
  return won
}

describe('of racing claims', () => {
  test('one makes the owner, on two nodes, and the others leave nothing', async () => {
    const other = asVisitor(await worldAt(world.address))
    const won = await race((n) => (n % 2 ? visitor : other).setup.claim(wish({ project: `shop ${n}` })))
    expect(won).toBe(1)
    expect(await sql`select 1 from people`).toHaveLength(1)
    expect(await sql`select 1 from projects`).toHaveLength(1)
    expect(await sql`select 1 from sessions`).toHaveLength(1)
  })

  test('many would, if the link were looked at first and spent afterwards (control)', async () => {
    const naive = async () => {
      const [row] = await sql`select setup_digest is not null as open from instance`
      if (!row?.open) return Promise.reject(Object.assign(new Error(), { code: 'SETUP_DONE' }))
      await sql`insert into people (id, name, email, runs_instance) values (${ulid()}, 'x', ${ulid()}, true)`
      await sql`update instance set setup_digest = null`
      return undefined
    }
    await Promise.all(Array.from({ length: 24 }, () => naive().catch(() => undefined)))
    expect((await sql`select 1 from people`).length).toBeGreaterThan(1)
  })
})

describe('setting up with GitHub', () => {
  const trip = async (body: object) => {
    const browser = signInBrowser(url)
    github.as(githubUser(`${ulid().toLowerCase()}@example.com`))
    const start = await browser.post('/auth/sign-in/social', {
      provider: 'github',
      callbackURL: '/projects/new',
      ...body,
    })
    const location = await github.visit(String(start.body.url))
    return { ...browser, landed: (await browser.get(location.slice(url.length))).headers.location }
  }

  test('makes the one who comes with the set-up link the owner, who then makes the first project', async () => {
    const { landed, query, mutate, jar } = await trip({ ticket: token })
    expect(landed).toBe('/projects/new')
    expect([...jar.keys()]).toEqual(['__Host-countersign_session'])
    expect((await query('me.get')).body).toMatchObject({ result: { data: { runs_instance: true, projects: [] } } })
    expect(await mutate('projects.create', { name: 'first' })).toMatchObject({ status: 200 })
    expect(await visitor.setup.state({})).toMatchObject({ open: false })
  })

  test('without the link makes an account where sign-up is open, which runs nothing', async () => {
    const { query } = await trip({})
    expect((await query('me.get')).body).toMatchObject({ result: { data: { runs_instance: false } } })
    expect(await visitor.setup.state({})).toMatchObject({ open: true })
    expect(await codeOf(visitor.setup.claim(wish()))).toBe('done')
  })

  test('does not take a ticket that was made up or changed', async () => {
    const browser = signInBrowser(url)
    const email = `${ulid().toLowerCase()}@example.com`
    github.as(githubUser(email))
    const start = await browser.post('/auth/sign-in/social', { provider: 'github', ticket: '0'.repeat(26) })
    const planted = (browser.jar.get('__Host-countersign_ticket') ?? '').replace('0'.repeat(26), token)
    browser.jar.set('__Host-countersign_ticket', planted)
    await browser.get((await github.visit(String(start.body.url))).slice(url.length))
    expect(await sql`select runs_instance from people where email = ${email}`).toEqual([{ runs_instance: false }])
  })
})

test('a disabled member does not keep a project from being handed over', async () => {
  const project = await makeProject(world)
  const gone = await makePerson(world, project)
  await joinProject(world, gone.id, await makeProject(world, 'elsewhere'), 'OWNER')
  await sql`update memberships set disabled_at = now() where project_id = ${project.id}`
  await visitor.setup.claim(wish())
  const rows = await sql`select 1 from memberships where project_id = ${project.id} and disabled_at is null`
  expect(rows).toHaveLength(1)
})
