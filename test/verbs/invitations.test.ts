import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { heardAll } from '../heard.ts'
import { ticketOf, toldOf } from '../invited.ts'
import { makeKey, makeProject } from '../make.ts'
import { actorIn, makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db
const visitor = as(world, { type: 'visitor' })

/** A project that invites, and a stranger with a project of their own who is invited. */
async function scene(role = 'MEMBER') {
  const project = await makeProject(world, undefined)
  const owner = await makePerson(world, project, 'OWNER', { name: 'Olga Owner' })
  const stranger = await makePerson(world, await makeProject(world), 'OWNER', { name: 'Sam Stranger' })
  const { users } = as(world, owner.actor)
  const invite = async () => ticketOf(await users.invite({ email: stranger.email, role }))
  const accept = (token: string) => as(world, stranger.actor).invitations.accept({ token })
  return { project, owner, stranger, users, invite, accept }
}

describe('invitations.open', () => {
  test('shows who invites whom where, as often as it is asked and in any case, and whether there is an account', async () => {
    const { project, stranger, users, invite } = await scene()
    const token = await invite()
    const shown = {
      ...{ project: project.name, email: stranger.email, role: 'MEMBER', invited_by: 'Olga Owner', known: true },
      expires_at: expect.stringMatching(/Z$/),
    }
    for (const text of [token, token, token.toLowerCase()])
      expect(await visitor.invitations.open({ token: text })).toEqual(shown)
    const fresh = ticketOf(await users.invite({ email: 'nobody-yet@example.com', role: 'VIEWER' }))
    expect(await visitor.invitations.open({ token: fresh })).toMatchObject({ known: false, role: 'VIEWER' })
  })
  test('answers the same of an id, of another kind of link and of what nobody made: not found', async () => {
    const { owner, users } = await scene()
    const { id } = await users.invite({ email: 'x@example.com', role: 'VIEWER' })
    for (const token of [id, owner.id, 'Z'.repeat(26)])
      expect(await codeOf(visitor.invitations.open({ token }))).toBe('NOT_FOUND')
    for (const token of ['', 'short', `${'Z'.repeat(25)}U`, `${'Z'.repeat(26)}\n`])
      expect(await codeOf(visitor.invitations.open({ token }))).toBe('INVALID_INPUT')
  })
})

describe('invitations.accept', () => {
  test('makes the person a member with the invited role, in the commit that uses the link and tells of it', async () => {
    const { project, stranger, invite, accept } = await scene('ADMIN')
    const token = await invite()
    expect(await accept(token)).toEqual({ project_id: project.id })
    await heardAll(world)
    expect(await actorIn(world, stranger.value, project)).toMatchObject({ role: 'ADMIN', invitedByKey: null })
    expect(await toldOf(world, project, 'person.joined')).toEqual([
      { person_id: stranger.id, name: 'Sam Stranger', role: 'ADMIN' },
    ])
    expect(await codeOf(visitor.invitations.open({ token }))).toBe('INVITATION_GONE')
  })
  test('works once: a replay is refused, also after the member was shown out', async () => {
    const { project, stranger, users, invite, accept } = await scene()
    const token = await invite()
    await accept(token)
    expect(await codeOf(accept(token))).toBe('INVITATION_GONE')
    await users.disable({ userId: stranger.id })
    expect(await codeOf(accept(token))).toBe('INVITATION_GONE')
    expect(await toldOf(world, project, 'person.joined')).toHaveLength(1)
  })
  test('is for the invited address only, whoever else holds the link', async () => {
    const { project, invite } = await scene()
    const other = await makePerson(world, await makeProject(world), 'OWNER')
    const token = await invite()
    const call = as(world, other.actor).invitations.accept({ token })
    expect(await codeOf(call)).toBe('INVITATION_OF_ANOTHER')
    expect(await toldOf(world, project, 'person.joined')).toEqual([])
    expect(await visitor.invitations.open({ token })).toMatchObject({ role: 'MEMBER' })
  })
  test('of a link that expired, was revoked, replaced or never made is refused', async () => {
    const { project, stranger, users, invite, accept } = await scene()
    const replaced = await invite()
    const revoked = await invite()
    const [row] = (await users.list({ q: stranger.email })).items
    await users.uninvite({ invitationId: row?.id ?? '' })
    const expired = await invite()
    await sql`update invitations set expires_at = now() where project_id = ${project.id} and revoked_at is null`
    for (const token of [replaced, revoked, expired]) expect(await codeOf(accept(token))).toBe('INVITATION_GONE')
    expect(await codeOf(accept('0'.repeat(26)))).toBe('NOT_FOUND')
    expect(await sql`select 1 from memberships where person_id = ${stranger.id}`).toHaveLength(1)
  })
  test('by somebody who became a member meanwhile leaves role and invitation as they are', async () => {
    const { project, stranger, invite, accept } = await scene('OWNER')
    const token = await invite()
    await sql`insert into memberships (project_id, person_id, role) values (${project.id}, ${stranger.id}, 'VIEWER')`
    expect(await codeOf(accept(token))).toBe('ALREADY_MEMBER')
    expect((await actorIn(world, stranger.value, project)).role).toBe('VIEWER')
    expect(await visitor.invitations.open({ token })).toMatchObject({ role: 'OWNER' })
  })
  test('remembers the key that invited, also when a person sends the link again; a person’s own invitation forgets it', async () => {
    const { project, stranger, users, accept } = await scene()
    const { actor, id: keyId } = await makeKey(world, project, 'admin')
    const byKey = await as(world, actor).users.invite({ email: stranger.email, role: 'MEMBER' })
    await accept(ticketOf(await users.resend({ invitationId: byKey.id })))
    await heardAll(world)
    expect(await actorIn(world, stranger.value, project)).toMatchObject({ role: 'MEMBER', invitedByKey: keyId })
    await users.disable({ userId: stranger.id })
    await accept(ticketOf(await users.invite({ email: stranger.email, role: 'MEMBER' })))
    await heardAll(world)
    expect(await actorIn(world, stranger.value, project)).toMatchObject({ invitedByKey: null })
  })
  test('needs somebody signed in', async () => {
    const { invite } = await scene()
    expect(await codeOf(visitor.invitations.accept({ token: await invite() }))).toBe('SIGNED_OUT')
  })
})
