import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { asker } from '../http.ts'
import { ticketOf } from '../invited.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { curlOf } from './seed3.ts'

const { url, world } = await serve()
const ask = asker(url)

/** A project with an owner and the admin key that seed 3's page is about. */
async function organization() {
  const project = await makeProject(world)
  const owner = await makePerson(world, project, 'OWNER')
  return { project, owner, ...(await makeKey(world, project, 'admin')) }
}

const curl = curlOf(url)
const auth = ['-H', 'Authorization: Bearer sk_shareotp_...']

describe.each(['/api/v1', '/v1'])('seed 3 verbatim below %s', (base) => {
  test('"Create a user invite", with an address in the place that the page itself has obfuscated', async () => {
    const { key } = await organization()
    const { status, body } = await curl(
      base,
      key,
      ...['https://your-domain.com/api/v1/users/invitations', ...auth, '-H', 'Content-Type: application/json', '-d'],
      `{
"email": "teammate@example.com",
"role": "MEMBER"
}`,
    )
    expect(status).toBe(201)
    const made = JSON.parse(body)
    expect(made).toMatchObject({ kind: 'invitation', email: 'teammate@example.com', role: 'MEMBER', status: 'pending' })
    // A key makes an invitation; it is not given what would let it join itself.
    expect(made).not.toHaveProperty('url')
    expect(body).not.toContain('/join')
    expect(Date.parse(made.expires_at) - Date.parse(made.invited_at)).toBe(7 * 24 * 3600 * 1000)
  })
  test('"List users and invites": people and pending invitations whose name or address has "alice"', async () => {
    const { key, project, owner } = await organization()
    const alice = await makePerson(world, project, 'MEMBER', { name: 'Alice Adams' })
    await makePerson(world, project, 'MEMBER', { name: 'Bob' })
    const { users } = as(world, owner.actor)
    const invited = await users.invite({ email: 'ALICE2@example.com', role: 'VIEWER' })
    const { status, body } = await curl(base, key, 'https://your-domain.com/api/v1/users?q=alice', ...auth)
    expect(status).toBe(200)
    const { items, next_cursor } = JSON.parse(body)
    expect(items.map((one: { id: string }) => one.id)).toEqual([invited.id, alice.id])
    expect(next_cursor).toBeNull()
    expect(body).not.toContain(ticketOf(invited))
  })
  test('DELETE /users/{userId} removes (disables) a user: their keys and sessions end with it', async () => {
    const { key, project } = await organization()
    const user = await makePerson(world, project, 'ADMIN')
    const args = ['-X', 'DELETE', `https://your-domain.com/api/v1/users/${user.id}`, ...auth]
    for (let i = 0; i < 2; i++) expect(await curl(base, key, ...args)).toEqual({ status: 204, body: '' })
    const { body } = await curl(base, key, 'https://your-domain.com/api/v1/users', ...auth)
    const found = JSON.parse(body).items.find((one: { id: string }) => one.id === user.id)
    expect(found.status).toBe('disabled')
  })
  test('X-API-Key is taken instead; without a key the error is a message and a status', async () => {
    const { key } = await organization()
    const list = 'https://your-domain.com/api/v1/users'
    expect((await curl(base, key, list, '-H', 'X-API-Key: sk_shareotp_...')).status).toBe(200)
    const refused = await curl(base, key, list)
    expect(refused.status).toBe(401)
    expect(JSON.parse(refused.body).error).toEqual(expect.any(String))
  })
  test('"IP allowlist": one address per line, and requests from none of them are refused', async () => {
    const { key, owner } = await organization()
    const { settings } = as(world, owner.actor)
    const list = ['https://your-domain.com/api/v1/users', ...auth]
    await settings.update({ ip_allowlist: '203.0.113.7\n\n127.0.0.1\n'.split('\n') })
    await expect.poll(async () => (await curl(base, key, ...list)).status).toBe(200)
    await settings.update({ ip_allowlist: ['203.0.113.7'], allow_lockout: true })
    await expect.poll(async () => (await curl(base, key, ...list)).status).toBe(403)
    expect(JSON.parse((await curl(base, key, ...list)).body).code).toBe('IP_NOT_ALLOWED')
  })
})

describe('what the page leaves open', () => {
  test('fields may come as a form, roles in any case, and other methods are told which ones there are', async () => {
    const { key } = await organization()
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const reply = await ask('POST', '/v1/users/invitations', {
      key,
      headers: form,
      body: 'email=A@Example.com&role=viewer',
    })
    expect(reply).toMatchObject({ status: 201, body: { email: 'a@example.com', role: 'VIEWER' } })
    const wrong = await ask('PUT', '/v1/users/invitations', { key })
    expect(wrong).toMatchObject({ status: 405, headers: { allow: expect.stringContaining('POST') } })
  })
  test('an unknown field, role or address is refused by name', async () => {
    const { key } = await organization()
    for (const [body, path] of [
      [{ email: 'a@example.com', role: 'KING' }, 'role'],
      [{ email: 'nobody', role: 'MEMBER' }, 'email'],
      [{ email: 'a@example.com', role: 'MEMBER', admin: true }, 'admin'],
      [{ role: 'MEMBER' }, 'email'],
    ] as const) {
      const reply = await ask('POST', '/v1/users/invitations', { key, body })
      expect(reply).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', issues: [{ path }] } })
    }
  })
})
