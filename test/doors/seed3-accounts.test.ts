import { describe, expect, test } from 'vitest'
import { codeOf, seedOf, stepAt } from '../../server/lib/totp.ts'
import { as } from '../as.ts'
import { asker } from '../http.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { curlOf, shellOf } from './seed3.ts'

const { url, world } = await serve()
const [ask, curl, shell] = [asker(url), curlOf(url), shellOf(url)]

/** A project with an owner and the admin key that seed 3's page is about. */
async function organization() {
  const project = await makeProject(world)
  const owner = await makePerson(world, project, 'OWNER')
  return { project, owner, ...(await makeKey(world, project, 'admin')) }
}

// The page's commands, with the line ends that its text has lost beside each backslash.
const createAccount = String.raw`curl https://your-domain.com/api/v1/accounts \
-H "Authorization: Bearer sk_shareotp_..." \
-H "Content-Type: application/json" \
-d '{
"name": "GitHub",
"issuer": "GitHub",
"tags": ["engineering", "prod"],
"secret": "JBSWY3DPEHPK3PXP"
}'`
const listAccounts = String.raw`curl https://your-domain.com/api/v1/accounts \
 -H "Authorization: Bearer sk_shareotp_..."`
const fetchCodes = String.raw`curl "https://your-domain.com/api/v1/accounts/codes?ids=acct_123,acct_456" \
 -H "Authorization: Bearer sk_shareotp_..."`
const grantAccess = String.raw`curl https://your-domain.com/api/v1/accounts/acct_123/permissions \
-H "Authorization: Bearer sk_shareotp_..." \
-H "Content-Type: application/json" \
-d '{
"action": "grant",
"email": "teammate@example.com"
}'`

/** A command with the page's two ids as ours. */
const about = (command: string, ids: string[]) =>
  command.replaceAll('acct_123', ids[0] ?? '').replaceAll('acct_456', ids[1] ?? '')

/** The ways a key may come, each instead of the page's first. */
const credentials = {
  Bearer: (command: string) => command,
  'X-API-Key': (command: string) => command.replace('Authorization: Bearer ', 'X-API-Key: '),
  'HTTP Basic': (command: string) => command.replace(/-H "Authorization: Bearer (\S+)"/, '-u "shareotp:$1"'),
}

/** The codes that may be right now: a time step may end while somebody asks. */
const codesNow = (base32: string) => {
  const step = stepAt(new Date(), 30)
  const recipe = { algorithm: 'SHA1', digits: 6, period: 30 } as const
  return [step - 1, step].map((one) => codeOf(seedOf(base32), recipe, one))
}

describe.each(['/api/v1', '/v1'])('seed 3 verbatim below %s', (base) => {
  describe.each(Object.entries(credentials))('with the key by %s', (_, brought) => {
    test('"Create an account", "List accounts", "Fetch codes" and "Grant access"', async () => {
      const { key, project } = await organization()
      const run = (command: string) => shell(base, key, brought(command))
      const made = [await run(createAccount), await run(createAccount)].map(({ status, body }) => {
        expect(status).toBe(201)
        expect(body).not.toContain('JBSWY3DPEHPK3PXP')
        return JSON.parse(body)
      })
      expect(made[0]).toMatchObject({ name: 'GitHub', issuer: 'GitHub', tags: ['engineering', 'prod'], digits: 6 })
      const ids = made.map(({ id }) => id)

      const listed = await run(listAccounts)
      expect(listed.status).toBe(200)
      expect(JSON.parse(listed.body)).toEqual({ items: expect.arrayContaining(made), next_cursor: null })

      const codes = await run(about(fetchCodes, ids))
      expect(codes.status).toBe(200)
      const { items } = JSON.parse(codes.body)
      expect(items.map((one: { id: string }) => one.id)).toEqual(ids)
      for (const { code } of items) expect(codesNow('JBSWY3DPEHPK3PXP')).toContain(code)

      await makePerson(world, project, 'MEMBER', { email: `teammate@example.com` }).catch(async () => {
        // The page has one address for everybody: it is somebody of another test's organization already.
        await world.db.sql`
          insert into memberships (project_id, person_id, role)
          select ${project.id}, id, 'MEMBER' from people where email = 'teammate@example.com'`
      })
      const granted = await run(about(grantAccess, ids))
      expect(granted.status).toBe(200)
      expect(JSON.parse(granted.body)).toMatchObject({
        email: 'teammate@example.com',
        role: 'viewer',
        status: 'active',
      })
      const revoked = await run(about(grantAccess, ids).replace('"grant"', '"revoke"'))
      expect(revoked.status).toBe(200)
    })
  })
  test('the endpoints that the page only names: details, update, export, access, log, delete', async () => {
    const { key } = await organization()
    const { id, ...made } = JSON.parse((await shell(base, key, createAccount)).body)
    const [account, auth] = [`https://your-domain.com/api/v1/accounts/${id}`, ['-H', 'X-API-Key: sk_shareotp_...']]
    const run = async (...args: string[]) => {
      const { status, body } = await curl(base, key, ...args, ...auth)
      return [status, body === '' ? undefined : JSON.parse(body)] as const
    }
    expect(await run(account)).toEqual([200, { id, ...made }])
    const json = ['-H', 'Content-Type: application/json']
    expect(await run('-X', 'PATCH', account, ...json, '-d', '{"name":"GitLab"}')).toEqual([
      ...[200, { id, ...made, name: 'GitLab', updated_at: expect.any(String) }],
    ])
    expect(await run('-X', 'POST', `${account}/export`)).toEqual([
      200,
      {
        secret: 'JBSWY3DPEHPK3PXP',
        otpauth_uri: expect.stringMatching(/^otpauth:\/\/totp\/GitHub:GitLab\?secret=JBSWY3DP/),
      },
    ])
    expect(await run(`${account}/permissions`)).toEqual([200, { items: [], next_cursor: null }])
    const [status, log] = await run(`https://your-domain.com/api/v1/audit?target=account:${id}`)
    expect(status).toBe(200)
    expect(log.items.map((one: { action: string }) => one.action).toSorted()).toEqual([
      ...['account.changed', 'account.created', 'account.exported'],
    ])
    expect(await run('-X', 'DELETE', account)).toEqual([204, undefined])
    expect((await run(account))[0]).toBe(404)
    expect((await run('-X', 'DELETE', account))[0]).toBe(404)
  })
})

describe('what the page leaves open', () => {
  test('fields may come as a form, and other methods are told which ones there are', async () => {
    const { key } = await organization()
    const reply = await ask('POST', '/v1/accounts', {
      key,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'name=a&secret=jbsw+y3dp+ehpk+3pxp&digits=8',
    })
    expect(reply).toMatchObject({ status: 201, body: { name: 'a', tags: [], digits: 8 } })
    const wrong = await ask('PUT', '/v1/accounts', { key })
    expect(wrong).toMatchObject({ status: 405, headers: { allow: expect.stringContaining('POST') } })
  })
  test('"codes" is no account’s id, and an id in another letter case names nothing', async () => {
    const { key, owner } = await organization()
    const { id } = await as(world, owner.actor).accounts.create({ name: 'a', secret: 'JBSWY3DPEHPK3PXP' })
    expect(await ask('GET', '/v1/accounts/codes', { key })).toMatchObject({
      status: 400,
      body: { issues: [{ path: 'ids' }] },
    })
    expect((await ask('DELETE', '/v1/accounts/codes', { key })).status).not.toBe(204)
    expect((await ask('GET', `/v1/accounts/${id.toLowerCase()}`, { key })).status).toBe(404)
    for (const odd of ['acct_123', '%00', '..%2f', "'", '%F0%9F%94%91'])
      expect((await ask('GET', `/v1/accounts/${odd}`, { key })).status).toBeOneOf([400, 404])
  })
  test('the error is a message and a status without a key, and a field that is not there is named', async () => {
    const { key } = await organization()
    expect(await ask('GET', '/v1/accounts')).toMatchObject({ status: 401, body: { error: expect.any(String) } })
    for (const [body, path] of [
      [{ name: 'a' }, 'secret'],
      [{ secret: 'JBSWY3DPEHPK3PXP' }, 'name'],
      [{ name: 'a', secret: 'JBSWY3DPEHPK3PX0' }, 'secret'],
      [{ name: 'a', secret: 'JBSWY3DPEHPK3PXP', kind: 'hotp' }, 'kind'],
      [{ name: 'a', secret: 'JBSWY3DPEHPK3PXP', period: 0 }, 'period'],
    ] as const) {
      const reply = await ask('POST', '/v1/accounts', { key, body })
      expect(reply).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', issues: [{ path }] } })
      expect(reply.text).not.toContain('JBSW')
    }
  })
})
