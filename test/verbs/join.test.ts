import { describe, expect, test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import { atomically } from '../../server/lib/transaction.ts'
import { makeInvitation } from '../../server/users/inviting.ts'
import { asVisitor } from '../as.ts'
import { makeProject } from '../make.ts'
import { joinProject, makePerson } from '../people.ts'
import { codeOf, faultyFields } from '../refusals.ts'
import { serve } from '../serve.ts'
import { goodPassword, signIn, signInBrowser } from '../sign-in.ts'

const { url, world } = await serve()
const { sql } = world.db
const project = await makeProject(world)
const visitor = asVisitor(world)

let count = 0
async function invited(email = `joins${++count}@example.com`) {
  const made = await atomically(sql, (tx) => makeInvitation(tx, systemCtx(world, 'test'), project.id, email, 'MEMBER'))
  return { email, token: made.url.slice(-26) }
}

describe('invitations.join', () => {
  test('makes the account, joins, and signs the browser in, in one commit', async () => {
    const { email, token } = await invited()
    const browser = signInBrowser(url)
    const reply = await browser.mutate('invitations.join', { token, name: 'Bob', password: goodPassword })
    expect(reply).toMatchObject({ status: 200, body: { result: { data: { project_id: project.id } } } })
    expect((await browser.query('me.get')).body).toMatchObject({
      result: {
        data: {
          email,
          name: 'Bob',
          runs_instance: false,
          has_password: true,
          projects: [{ id: project.id, role: 'MEMBER' }],
        },
      },
    })
    expect((await signIn(url, { email })).reply.status).toBe(200)
    // The link says that an admin meant this person, not that the address is theirs.
    expect(await sql`select email_verified from people where email = ${email}`).toEqual([{ email_verified: false }])
    const told = await sql`
      select e.name from events e join people p on e.target = 'person:' || p.id where p.email = ${email} order by seq limit 2`
    expect(told.map((row) => row.name)).toEqual(['person.joined', 'person.signed_in'])
  })

  test('lets one of racing uses of a link in, and the others leave nothing', async () => {
    const { email, token } = await invited()
    const codes = await Promise.all(
      Array.from({ length: 12 }, () =>
        codeOf(visitor.invitations.join({ token, name: 'Bob', password: goodPassword })),
      ),
    )
    expect(codes.filter((code) => code === 'done')).toHaveLength(1)
    expect(codes.every((code) => ['done', 'INVITATION_GONE', 'ALREADY_MEMBER'].includes(code))).toBe(true)
    expect(await sql`select 1 from people where email = ${email}`).toHaveLength(1)
    expect(
      await sql`select 1 from sessions s join people p on p.id = s.person_id where p.email = ${email}`,
    ).toHaveLength(1)
  })

  test('takes no used, revoked, ended or unknown link, and makes no account by one', async () => {
    const { email, token } = await invited()
    const join = () => codeOf(visitor.invitations.join({ token, name: 'Bob', password: goodPassword }))
    await sql`update invitations set expires_at = now() where email = ${email}`
    expect(await join()).toBe('INVITATION_GONE')
    await sql`update invitations set expires_at = now() + interval '1 day', revoked_at = now() where email = ${email}`
    expect(await join()).toBe('INVITATION_GONE')
    expect(await codeOf(visitor.invitations.join({ token: '0'.repeat(26), name: 'Bob', password: goodPassword }))).toBe(
      'NOT_FOUND',
    )
    expect(await sql`select 1 from people where email = ${email}`).toHaveLength(0)
  })

  test('does not take over an account that the address has already', async () => {
    const known = await makePerson(world, await makeProject(world))
    const { token } = await invited(known.email)
    expect(await codeOf(visitor.invitations.join({ token, name: 'Mallory', password: goodPassword }))).toBe(
      'ALREADY_MEMBER',
    )
    expect(await sql`select name from people where email = ${known.email}`).toEqual([{ name: known.name }])
    expect(await sql`select 1 from identities where person_id = ${known.id}`).toHaveLength(0)
    await joinProject(world, known.id, project, 'VIEWER')
  })

  test('holds the password to the policy, by the invited address', async () => {
    const { email, token } = await invited()
    for (const password of ['password1234', `${email}`, 'short'])
      expect(await faultyFields(visitor.invitations.join({ token, name: 'Bob', password }))).toEqual(['password'])
    expect(await codeOf(visitor.invitations.join({ token, name: 'Bob', password: goodPassword }))).toBe('done')
  })
})
