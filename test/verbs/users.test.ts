import { describe, expect, test } from 'vitest'
import { twinOf } from '../../server/projects/project.ts'
import { as } from '../as.ts'
import { makeOwned, ticketOf, toldOf } from '../invited.ts'
import { makeKey } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { testWorld } from '../serve.ts'

const world = await testWorld()
const { sql } = world.db

const scene = () => makeOwned(world)

describe('users.list', () => {
  test('shows people and pending invitations of the project, newest first, and nobody else’s', async () => {
    const { project, owner, users } = await scene()
    const elsewhere = await scene()
    await elsewhere.users.invite({ email: 'elsewhere@example.com', role: 'MEMBER' })
    const invited = await users.invite({ email: 'New@Example.com', role: 'viewer' })
    const { items, next_cursor } = await users.list({})
    expect(items.map((one) => one.id)).toEqual([invited.id, owner.id])
    expect(items[0]).toMatchObject({
      ...{ kind: 'invitation', email: 'new@example.com', name: null, role: 'VIEWER', status: 'pending' },
      ...{ invited_by: { type: 'person', id: owner.id, name: 'Olga Owner' }, joined_at: null },
    })
    expect(items[1]).toMatchObject({ kind: 'person', role: 'OWNER', status: 'active', invited_by: null })
    expect(JSON.stringify(items)).not.toContain(ticketOf(invited))
    expect(next_cursor).toBeNull()
    // Whoever looks at the test objects still belongs to the live project.
    const twin = await twinOf(sql, project.id)
    const inTwin = as(world, { ...owner.actor, projectId: twin })
    expect((await inTwin.users.list({})).items).toEqual(items)
  })
  test('gives every row once over its pages, also rows of the same millisecond', async () => {
    const { project, users } = await scene()
    for (let i = 0; i < 6; i++) await users.invite({ email: `page${i}@example.com`, role: 'VIEWER' })
    for (let i = 0; i < 4; i++) await makePerson(world, project, 'VIEWER')
    await sql`update invitations set created_at = '2025-01-01Z' where project_id = ${project.id}`
    await sql`update memberships set joined_at = '2025-01-01Z' where project_id = ${project.id}`
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await users.list({ limit: 3, ...(cursor ? { cursor } : {}) })
      seen.push(...page.items.map((one) => one.id))
      cursor = page.next_cursor ?? undefined
    } while (cursor)
    expect(seen).toHaveLength(11)
    expect(seen).toEqual([...new Set(seen)].toSorted().toReversed())
    expect(await codeOf(users.list({ cursor: 'bm90LW9uZQ' }))).toBe('INVALID_INPUT')
  })
  test('finds by a part of the name or the address in any case, and takes wildcards as text', async () => {
    const { project, users } = await scene()
    await makePerson(world, project, 'MEMBER', { name: 'Ärne 100%_\\ Ö', email: 'arne_x@example.com' })
    await users.invite({ email: 'alice+tag@example.com', role: 'MEMBER' })
    const found = async (q: string) => (await users.list({ q })).items.map((one) => one.name ?? one.email)
    expect(await found('ALICE')).toEqual(['alice+tag@example.com'])
    expect(await found('0%_\\ ö')).toEqual(['Ärne 100%_\\ Ö'])
    expect(await found('äRNE')).toEqual(['Ärne 100%_\\ Ö'])
    expect(await found('RNE_X@')).toEqual(['Ärne 100%_\\ Ö'])
    expect(await found('owner')).toEqual(['Olga Owner'])
    for (const q of ['%', '_', '\\']) expect(await found(q)).toEqual(['Ärne 100%_\\ Ö'])
    for (const q of ['a%e', '%%', 'alice_tag', '.*', "' or 1=1 --"]) expect(await found(q)).toEqual([])
    expect(await found('')).toHaveLength(3)
  })
  test('says of an invitation whose time is up that it expired, and of a member who was shown out that they are disabled', async () => {
    const { project, users } = await scene()
    const member = await makePerson(world, project, 'MEMBER')
    const { id } = await users.invite({ email: 'late@example.com', role: 'MEMBER' })
    await sql`update invitations set expires_at = now() where id = ${id}`
    await users.disable({ userId: member.id })
    const { items } = await users.list({})
    expect(items.find((one) => one.id === id)?.status).toBe('expired')
    expect(items.find((one) => one.id === member.id)?.status).toBe('disabled')
  })
})

describe('users.invite', () => {
  test('shows a person the link once; kept is only a digest, for seven days', async () => {
    const { project, users } = await scene()
    const made = await users.invite({ email: 'ana@example.com', role: 'ADMIN' })
    expect(made.url).toMatch(new RegExp(`^${world.config.publicUrl}/join#[0-9A-HJKMNP-TV-Z]{26}$`))
    expect(made.mailed).toBe(false)
    const [row] = await sql`
      select to_jsonb(i)::text as text, extract(epoch from expires_at - created_at)::int as seconds from invitations i
      where id = ${made.id}`
    expect(row?.seconds).toBe(7 * 24 * 3600)
    expect(row?.text).not.toContain(ticketOf(made))
    expect(await toldOf(world, project, 'invitation.created')).toEqual([
      { invitation_id: made.id, email: 'ana@example.com', role: 'ADMIN' },
    ])
  })
  test('of the same address again revokes the link before it, whatever its letters’ case', async () => {
    const { users } = await scene()
    const first = await users.invite({ email: 'twice@example.com', role: 'MEMBER' })
    const second = await users.invite({ email: ' TWICE@example.com ', role: 'VIEWER' })
    const visitor = as(world, { type: 'visitor' })
    expect(await codeOf(visitor.invitations.open({ token: ticketOf(first) }))).toBe('INVITATION_GONE')
    expect(await visitor.invitations.open({ token: ticketOf(second) })).toMatchObject({ role: 'VIEWER' })
    expect((await users.list({ q: 'twice' })).items).toHaveLength(1)
  })
  test('of a member is refused, of a member who was shown out it is not', async () => {
    const { project, users } = await scene()
    const member = await makePerson(world, project, 'MEMBER')
    const again = () => users.invite({ email: member.email.toUpperCase(), role: 'MEMBER' })
    expect(await codeOf(again())).toBe('ALREADY_MEMBER')
    await users.disable({ userId: member.id })
    expect(await codeOf(again())).toBe('done')
  })
  test('by a key confers MEMBER at most, never answers the link, and remembers the key', async () => {
    const { project } = await scene()
    const { actor, id } = await makeKey(world, project, 'admin')
    const { users } = as(world, actor)
    for (const role of ['ADMIN', 'owner'])
      expect(await codeOf(users.invite({ email: 'no@example.com', role }))).toBe('INSUFFICIENT_ROLE')
    const made = await users.invite({ email: 'yes@example.com', role: 'member' })
    expect(made).toMatchObject({ role: 'MEMBER', mailed: false, invited_by: { type: 'key', id } })
    expect(made).not.toHaveProperty('url')
    expect(await toldOf(world, project, 'invitation.created')).toHaveLength(1)
  })
  test('by a key with an Idempotency-Key happens once, and its replay is the same answer', async () => {
    const { project } = await scene()
    const { actor, key } = await makeKey(world, project, 'admin')
    const body = { email: 'once@example.com', role: 'MEMBER' }
    const call = () => as(world, actor, { idempotency: { key: 'one', credential: key, body } }).users.invite(body)
    expect(await call()).toEqual(await call())
    expect(await toldOf(world, project, 'invitation.created')).toHaveLength(1)
  })
  test.each(['ana', 'ana@', 'ana@localhost', 'аna@example.com', 'a b@example.com', ''])(
    'of %o is refused as no address',
    async (email) => {
      const { users } = await scene()
      expect(await codeOf(users.invite({ email, role: 'MEMBER' }))).toBe('INVALID_INPUT')
    },
  )
})

describe('users.uninvite and users.resend', () => {
  test('revoking ends the link, once told however often it is asked; a used one cannot be revoked, an unknown one not found', async () => {
    const { project, users } = await scene()
    const made = await users.invite({ email: 'gone@example.com', role: 'MEMBER' })
    for (let i = 0; i < 2; i++) expect(await codeOf(users.uninvite({ invitationId: made.id }))).toBe('done')
    const visitor = as(world, { type: 'visitor' })
    expect(await codeOf(visitor.invitations.open({ token: ticketOf(made) }))).toBe('INVITATION_GONE')
    expect(await toldOf(world, project, 'invitation.revoked')).toHaveLength(1)
    expect(await codeOf(users.resend({ invitationId: made.id }))).toBe('INVITATION_GONE')
    const used = await users.invite({ email: 'used@example.com', role: 'MEMBER' })
    await sql`update invitations set accepted_at = now() where id = ${used.id}`
    expect(await codeOf(users.uninvite({ invitationId: used.id }))).toBe('INVITATION_GONE')
    const elsewhere = await scene()
    for (const invitationId of [used.id, '0'.repeat(26)])
      expect(await codeOf(elsewhere.users.uninvite({ invitationId }))).toBe('NOT_FOUND')
  })
  test('sending again makes a new link for seven more days and ends the old one, also when it had expired', async () => {
    const { project, users } = await scene()
    const made = await users.invite({ email: 'again@example.com', role: 'MEMBER' })
    await sql`update invitations set expires_at = now() - interval '1 day' where id = ${made.id}`
    const anew = await users.resend({ invitationId: made.id })
    expect(Date.parse(anew.expires_at) - Date.now()).toBeGreaterThan(6.9 * 24 * 3600 * 1000)
    const visitor = as(world, { type: 'visitor' })
    expect(await codeOf(visitor.invitations.open({ token: ticketOf(made) }))).toBe('NOT_FOUND')
    expect(await visitor.invitations.open({ token: ticketOf(anew) })).toMatchObject({ email: 'again@example.com' })
    expect(await toldOf(world, project, 'invitation.resent')).toHaveLength(1)
    const elsewhere = await scene()
    expect(await codeOf(elsewhere.users.resend({ invitationId: made.id }))).toBe('NOT_FOUND')
  })
  test('an admin is not shown the link of an invitation to be an owner', async () => {
    const { project, users } = await scene()
    const admin = await makePerson(world, project, 'ADMIN')
    const { id } = await users.invite({ email: 'heir@example.com', role: 'OWNER' })
    expect(await codeOf(as(world, admin.actor).users.resend({ invitationId: id }))).toBe('INSUFFICIENT_ROLE')
  })
})
