import { beforeEach, describe, expect, test } from 'vitest'
import { twinOf } from '../../server/projects/project.ts'
import { as } from '../as.ts'
import { foreignPlaces } from '../foreign.ts'
import { asker } from '../http.ts'
import { toldOf } from '../invited.ts'
import { makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { sql } = world.db
const ask = asker(url)

/** A project with the person who runs the instance as its owner. */
async function scene() {
  const project = await makeProject(world)
  const { actor } = await makePerson(world, project, 'OWNER')
  const runner = { ...actor, runsInstance: true }
  const { key, actor: keyActor } = await makeKey(world, project, 'admin')
  const { settings } = as(world, runner)
  return { project, owner: actor, runner, key, keyActor, letIn: () => settings.update({ guest_secrets: true }) }
}

const share = (body: object = { secret: 'x' }, headers = {}) => ask('POST', '/v1/share', { body, headers })
const stored = async () => (await sql<{ n: number }[]>`select count(*)::int as n from secrets`)[0]?.n

beforeEach(async () => {
  await sql`update projects set guest_secrets = false`
})

describe('settings.guest_secrets', () => {
  test('is off by default, and everybody without a key is asked for one', async () => {
    const { runner } = await scene()
    expect(await as(world, runner).settings.get({})).toMatchObject({ guest_secrets: false })
    for (const [method, path] of [
      ['POST', '/v1/share'],
      ['POST', '/v1/generate'],
      ['POST', `/v1/secret/${'a'.repeat(31)}`],
      ['POST', `/v1/private/${'a'.repeat(31)}`],
      ['GET', `/v1/private/${'a'.repeat(31)}`],
      ['POST', `/v1/private/${'a'.repeat(31)}/burn`],
      ['GET', '/v1/private/recent'],
    ] as const)
      expect(await ask(method, path)).toMatchObject({ status: 401, body: { code: 'MISSING_API_KEY' } })
  })
  test('is switched on by a person who runs the instance only, told, and off by any admin or key that may', async () => {
    const { project, owner, keyActor, letIn } = await scene()
    for (const actor of [owner, keyActor]) {
      const refused = as(world, actor).settings.update({ guest_secrets: true, requests_days: 7 })
      await expect(refused).rejects.toThrow('Only a person who runs this instance')
      expect(await codeOf(refused)).toBe('INSUFFICIENT_ROLE')
    }
    expect(await as(world, owner).settings.get({})).toMatchObject({ guest_secrets: false, requests_days: 30 })
    expect(await letIn()).toMatchObject({ guest_secrets: true })
    expect(await as(world, owner).settings.update({ guest_secrets: true })).toMatchObject({ guest_secrets: true })
    expect(await toldOf(world, project, 'settings.changed')).toEqual([{ fields: ['guest_secrets'] }])
    expect(await as(world, keyActor).settings.update({ guest_secrets: false })).toMatchObject({ guest_secrets: false })
    expect(await share()).toMatchObject({ status: 401 })
  })
  test('is on in one project at most, also when two are switched on at once', async () => {
    const [first, second] = [await scene(), await scene()]
    const ends = await Promise.all([codeOf(first.letIn()), codeOf(second.letIn())])
    expect(ends.sort()).toEqual(['GUESTS_TAKEN', 'done'])
    const [row] = await sql`select count(*)::int as n from projects where guest_secrets`
    expect(row).toEqual({ n: 1 })
  })
  test('is the live project’s, also when its test objects are looked at', async () => {
    const { project, runner } = await scene()
    const inTwin = { ...runner, projectId: await twinOf(sql, project.id) }
    await as(world, inTwin).settings.update({ guest_secrets: true })
    expect(await sql`select id from projects where guest_secrets`).toEqual([{ id: project.id }])
  })
})

describe('a guest', () => {
  test('shares, generates, looks, burns and retrieves, in that project only, as anon', async () => {
    const { project, key, letIn } = await scene()
    const other = await scene()
    await letIn()
    const made = await share({ secret: 'of a guest', ttl: 600 })
    expect(made).toMatchObject({ status: 200, body: { custid: 'anon', ttl: 600 } })
    expect(await sql`select project_id, created_by, key_id from secrets where project_id = ${project.id}`).toEqual([
      { project_id: project.id, created_by: { type: 'visitor', id: null, name: 'guest' }, key_id: null },
    ])
    const receipt = `/v1/private/${String(made.body.metadata_key)}`
    expect((await ask('POST', receipt)).body).toMatchObject({ state: 'viewed' })
    expect((await ask('POST', `/v1/secret/${String(made.body.secret_key)}`)).body).toMatchObject({
      value: 'of a guest',
    })
    const generated = await ask('POST', '/api/v1/generate')
    expect(generated).toMatchObject({ status: 200, body: { value: expect.stringMatching(/^\w{12}$/) } })
    expect((await ask('POST', `/v1/private/${String(generated.body.metadata_key)}/burn`)).body).toMatchObject({
      status: 'burned',
    })
    // Another project's are not there for guests, nor theirs for another project's keys.
    const theirs = await ask('POST', '/v1/share', { key: other.key, body: { secret: 'x' } })
    const theirReceipt = `/v1/private/${String(theirs.body.metadata_key)}`
    for (const path of [theirReceipt, `${theirReceipt}/burn`, `/v1/secret/${String(theirs.body.secret_key)}`])
      expect((await ask('POST', path)).status).toBe(404)
    expect((await ask('POST', theirReceipt, { key: other.key })).body).toMatchObject({ state: 'viewed' })
    expect((await ask('POST', receipt, { key: other.key })).status).toBe(404)
    expect((await ask('POST', receipt, { key })).status).toBe(200)
  })
  test('has no recent, and reaches nothing else of the project', async () => {
    const { letIn } = await scene()
    await letIn()
    await share()
    for (const path of ['/v1/private/recent', '/v1/approvals', '/v1/settings', '/v1/audit', '/v1/key/a'])
      expect(await ask('GET', path)).toMatchObject({ status: 401 })
  })
  test('is not who brings a wrong key, an ended one, or one without the scope', async () => {
    const { project, letIn } = await scene()
    await letIn()
    const { key: reader } = await makeKey(world, project, 'read', { scopes: ['values:read'] })
    const { key: ended, id } = await makeKey(world, project)
    await sql`update api_keys set revoked_at = now() where id = ${id}`
    const before = await stored()
    for (const [key, code] of [
      ['ck_live_nope', 'INVALID_API_KEY'],
      [ended, 'EXPIRED_API_KEY'],
      [reader, 'INSUFFICIENT_SCOPE'],
    ] as const)
      expect(await ask('POST', '/v1/share', { key, body: { secret: 'x' } })).toMatchObject({ body: { code } })
    expect(await stored()).toBe(before)
  })
  test('cannot have mails sent', async () => {
    const { letIn } = await scene()
    await letIn()
    const before = await stored()
    for (const field of ['recipient', 'notify'])
      expect(await share({ secret: 'x', [field]: 'a@example.com' })).toMatchObject({
        status: 400,
        body: { message: `${field}: Guests cannot have mails sent; pass the link on yourself.` },
      })
    expect(await stored()).toBe(before)
  })
  test('is not made of a visitor by another site’s page', async () => {
    const { letIn } = await scene()
    await letIn()
    const before = await stored()
    for (const headers of Object.values(foreignPlaces(url)))
      expect(await share({ secret: 'x' }, headers)).toMatchObject({ status: 403, body: { code: 'CSRF_FAILED' } })
    expect(await stored()).toBe(before)
    expect((await share({ secret: 'x' }, { origin: url, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  })
  test('is counted by network, in the class `secret`', async () => {
    const limited = await serve({ RATE_LIMITS: 'secret=3/60', TRUSTED_PROXIES: '127.0.0.1' })
    const project = await makeProject(limited.world)
    await limited.world.db.sql`update projects set guest_secrets = true where id = ${project.id}`
    const { key } = await makeKey(limited.world, project)
    const from = (address: string, path = '/v1/share') =>
      asker(limited.url)('POST', path, { body: { secret: 'x' }, headers: { 'x-forwarded-for': address } })
    for (const left of ['2', '1', '0'])
      expect(await from('203.0.113.7')).toMatchObject({ status: 200, headers: { 'x-ratelimit-remaining': left } })
    const refused = await from('203.0.113.7', '/v1/generate')
    expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } })
    expect((await from('203.0.113.8')).status).toBe(200)
    expect((await asker(limited.url)('POST', '/v1/share', { key, body: { secret: 'x' } })).status).toBe(200)
  })
})
