import { describe, expect, test } from 'vitest'
import { actorOfKey } from '../../server/keys/known.ts'
import { codeOf as totp } from '../../server/lib/totp.ts'
import { makeAccount } from '../accounts.ts'
import { makeAgent } from '../agents.ts'
import { as } from '../as.ts'
import { makeApproval, makeAsker, makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { codeOf, faultyFields, refusalIn } from '../refusals.ts'
import { askApproved, askRelease, decide, readRelease, yesAndNo } from '../releases.ts'
import { testWorld } from '../serve.ts'
import { eventsOf } from '../told.ts'

let now = new Date('2026-03-01T12:00:05Z')
const world = await testWorld({}, { clock: { now: () => now } })
const { sql } = world.db
const { project, actor } = await makeAsker(world)
const ana = await makePerson(world, project)
const text = 'correct horse battery staple'
let count = 0
const kept = async () => {
  const { kept_id } = await as(world, ana.actor).kept.create({ name: `database ${count++}`, secret: text })
  return kept_id
}
const read = (asked: Parameters<typeof readRelease>[2]) => readRelease(world, actor, asked)
/** Moves the decision into the past, by the database's clock. */
const ago = (id: string, seconds: number) =>
  sql`update approvals set ended_at = ended_at - make_interval(secs => ${seconds}) where id = ${id}`
const releasedRows = (id: string) => sql<{ payload: Record<string, unknown>; actor: { id: string } }[]>`
  select payload, actor from events where name = 'approval.released' and target = ${`approval:${id}`} order by seq`

describe('a release-only secret', () => {
  test('leaves once, to the key that asked, after a yes; the reading is on record and never says what it was', async () => {
    const id = await kept()
    const asked = await askRelease(world, actor, { secret: id })
    expect(await codeOf(read(asked))).toBe('APPROVAL_PENDING')
    await decide(world, ana.actor, asked)
    expect(await read(asked)).toEqual({ kind: 'secret', secret: text, expires_at: expect.stringMatching(/Z$/) })
    expect(await codeOf(read(asked))).toBe('RELEASE_USED')
    const rows = await releasedRows(asked.approval_id)
    expect(rows).toMatchObject([{ actor: { id: actor.id }, payload: { kind: 'secret', left: 0, kept_id: id } }])
    expect(JSON.stringify(await sql`select e::text from events e`)).not.toContain(text)
    expect(await eventsOf(sql, asked.approval_id)).toEqual([
      'approval.created',
      'approval.executed',
      'approval.released',
    ])
    const { release } = await as(world, ana.actor).approvals.get({ approval_id: asked.approval_id })
    expect(release).toMatchObject({ kind: 'secret', id, to: { type: 'key', id: actor.id }, released: 1, seconds: 300 })
  })
  test('is not released by a no, a veto, an end without an answer, or an approval that asks for nothing', async () => {
    const id = await kept()
    const none = await makeApproval(world, actor)
    expect(await codeOf(read(none))).toBe('NOTHING_TO_RELEASE')
    const ends = [
      ['danger', [{ key: 'stop', value: 'x', style: 'danger' }]],
      ['veto', [{ key: 'stop', value: 'x', veto: true }]],
      ['a danger that is no veto', [{ key: 'stop', value: 'x', style: 'danger', veto: false }]],
      ['the key reject', [{ key: 'Reject', value: 'x' }]],
      ['the key deny', [{ key: 'deny', value: 'x', veto: false }]],
    ] as const
    for (const [what, actions] of ends) {
      const asked = await askRelease(world, actor, { secret: id }, { actions: [...actions] })
      await decide(world, ana.actor, asked, actions[0].key)
      expect(await codeOf(read(asked)), what).toBe('RELEASE_DENIED')
    }
    const withdrawn = await askRelease(world, actor, { secret: id })
    await as(world, actor).approvals.invalidate({ approval_id: withdrawn.approval_id })
    expect(await codeOf(read(withdrawn))).toBe('RELEASE_DENIED')
    const late = await askRelease(world, actor, { secret: id })
    await sql`update approvals set expires_at = now() - interval '1 second' where id = ${late.approval_id}`
    expect(await codeOf(read(late))).toBe('RELEASE_DENIED')
  })
  test('is released within its seconds only, by the database’s clock', async () => {
    const id = await kept()
    const intime = await askApproved(world, actor, ana.actor, { secret: id, seconds: 60 })
    await ago(intime.approval_id, 30)
    expect((await read(intime)).secret).toBe(text)
    const late = await askApproved(world, actor, ana.actor, { secret: id, seconds: 60 })
    await ago(late.approval_id, 61)
    expect(await codeOf(read(late))).toBe('RELEASE_EXPIRED')
    expect(await releasedRows(late.approval_id)).toHaveLength(0)
  })
  test('is for no other key, no person, no other project, and nobody whose hash is another', async () => {
    const asked = await askApproved(world, actor, ana.actor, { secret: await kept() })
    const other = await makeKey(world, project, 'admin')
    expect(await codeOf(readRelease(world, other.actor, asked))).toBe('NOT_THE_ASKER')
    expect(await codeOf(readRelease(world, ana.actor, asked))).toBe('NOT_THE_ASKER')
    const stranger = await makeAsker(world)
    expect(await codeOf(readRelease(world, stranger.actor, asked))).toBe('NOT_FOUND')
    const trying = await makeKey(world, project, 'admin', { env: 'test' })
    expect(await codeOf(readRelease(world, trying.actor, asked))).toBe('NOT_FOUND')
    expect(await codeOf(read({ ...asked, action_hash: '0'.repeat(64) }))).toBe('ACTION_CHANGED')
    expect((await read(asked)).secret).toBe(text)
  })
  test('is read by the successor of the key that asked, and not by a key that was revoked', async () => {
    const asker = await makeKey(world, project)
    const asked = await askApproved(world, asker.actor, ana.actor, { secret: await kept() })
    const { key } = await as(world, ana.actor).keys.rotate({ keyId: asker.id })
    const successor = await actorOfKey(world, key)
    await as(world, ana.actor).keys.revoke({ keyId: asker.id })
    // As on a node that has not heard of it: the statement itself holds the key.
    expect(await codeOf(readRelease(world, asker.actor, asked))).toBe('EXPIRED_API_KEY')
    expect((await readRelease(world, successor, asked)).secret).toBe(text)
  })
  test('whose reply was lost comes again under the same Idempotency-Key for a minute, to the same key alone', async () => {
    const asked = await askApproved(world, actor, ana.actor, { secret: await kept() })
    const { approval_id } = asked
    const at = (credential: string) => ({ idempotency: { key: 'lost', credential, body: { approval_id } } })
    const again = () => as(world, actor, at('its text')).approvals.release({ approval_id })
    const first = await again()
    expect(await again()).toEqual(first)
    expect(await codeOf(read(asked))).toBe('RELEASE_USED')
    const other = await makeKey(world, project)
    expect(await codeOf(as(world, other.actor, at('its text')).approvals.release({ approval_id }))).toBe(
      'NOT_THE_ASKER',
    )
    const [kept_reply] = await sql`
      select i::text as line, expires_at <= now() + interval '61 seconds' as soon from idempotency i where operation = 'approvals.release'`
    expect(kept_reply?.soon).toBe(true)
    expect(kept_reply?.line).not.toContain(text)
    await sql`update idempotency set expires_at = now() - interval '1 second' where operation = 'approvals.release'`
    expect(await codeOf(again())).toBe('RELEASE_USED')
    expect(await releasedRows(approval_id)).toHaveLength(1)
  })
  test('whose sealing key is not here is not used up', async () => {
    const asked = await askApproved(world, actor, ana.actor, { secret: await kept() })
    const known = world.vault.known
    world.vault.known = () => []
    expect(await codeOf(read(asked))).toBe('KEY_MISSING')
    world.vault.known = known
    expect((await read(asked)).secret).toBe(text)
  })
  test('is never shown to who opens the link without signing in, and its approval is never decided by the link', async () => {
    const id = await kept()
    for (const link of ['bearer'] as const)
      expect(await faultyFields(askRelease(world, actor, { secret: id }, { link }))).toEqual(['link'])
    const asked = await askRelease(world, actor, { secret: id })
    expect(await as(world, ana.actor).approvals.get({ approval_id: asked.approval_id })).toMatchObject({
      link: 'signed_in',
    })
    const visitor = as(world, { type: 'visitor' }, { visit: 'a visit' }).approvals
    expect(await visitor.open({ token: asked.url.slice(-26) })).toMatchObject({ release: null, key_path: null })
  })
})

describe('codes of an account', () => {
  test.each([
    ['GitHub', 'root@prod', 'GitHub: root@prod'],
    ['', 'root@prod', 'root@prod'],
    ['GitHub', 'GitHub', 'GitHub'],
  ])('of %j named %j are asked for by the name that the dashboard shows', async (issuer, name, shown) => {
    const account = await makeAccount(world, project, { issuer, name })
    const { approval_id } = await askRelease(world, actor, { account: account.id })
    expect((await as(world, actor).approvals.get({ approval_id })).release).toMatchObject({
      kind: 'codes',
      name: shown,
    })
  })
  test('are as many as were asked for, one for each time step, of the step in which they are read', async () => {
    const account = await makeAccount(world, project)
    const asked = await askApproved(world, actor, ana.actor, { account: account.id, codes: 2, seconds: 900 })
    const stepNow = () => Math.floor(now.getTime() / 30_000)
    const code = () => totp(account.seed, account.recipe, stepNow())
    expect(await read(asked)).toMatchObject({
      kind: 'codes',
      code: code(),
      codes_left: 1,
      code_expires_at: '2026-03-01T12:00:30.000Z',
    })
    const refused = await refusalIn(read(asked))
    expect([refused.code, refused.retryAfter]).toEqual(['STEP_USED', 25])
    now = new Date('2026-03-01T12:00:31Z')
    expect(await read(asked)).toMatchObject({ code: code(), codes_left: 0 })
    now = new Date('2026-03-01T12:01:31Z')
    expect(await codeOf(read(asked))).toBe('RELEASE_USED')
    const rows = await releasedRows(asked.approval_id)
    expect(rows.map(({ payload }) => [payload.left, payload.account_ids])).toEqual([
      [1, [account.id]],
      [0, [account.id]],
    ])
    const { items } = await as(world, ana.actor).accounts.log({ accountId: account.id })
    expect(items.map(({ name }) => name)).toEqual(['approval.released', 'approval.released'])
  })
  test('end with the time to read them, whatever is left', async () => {
    const account = await makeAccount(world, project)
    const asked = await askApproved(world, actor, ana.actor, { account: account.id, codes: 10, seconds: 30 })
    await read(asked)
    await ago(asked.approval_id, 31)
    now = new Date(now.getTime() + 30_000)
    expect(await codeOf(read(asked))).toBe('RELEASE_EXPIRED')
  })
  test('need no scope to ask for, but a key that is limited to tags asks within them, then and when it reads', async () => {
    const [inside, outside] = [await makeAccount(world, project, { tags: ['ci'] }), await makeAccount(world, project)]
    const tagged = await makeKey(world, project, 'write', { accountTags: ['ci'] })
    expect(await codeOf(askRelease(world, tagged.actor, { account: outside.id }))).toBe('NOT_FOUND')
    expect(await faultyFields(askRelease(world, tagged.actor, { account: outside.id }))).toEqual(['release.account'])
    const asked = await askApproved(world, tagged.actor, ana.actor, { account: inside.id })
    expect(await codeOf(readRelease(world, { ...tagged.actor, accountTags: [] }, asked))).toBe('NOT_FOUND')
    expect(await readRelease(world, tagged.actor, asked)).toMatchObject({ kind: 'codes', codes_left: 0 })
  })
})

describe('a value', () => {
  test('leaves once, as it is when it is read, and within the paths of the key only', async () => {
    const put = (value: string) => as(world, ana.actor).values.put({ key_path: 'prod/password', value })
    await put('old')
    const asked = await askApproved(world, actor, ana.actor, { value: 'prod/password' })
    await put('new')
    expect(await read(asked)).toMatchObject({ kind: 'value', value: 'new' })
    expect(await codeOf(read(asked))).toBe('RELEASE_USED')
    const narrow = await makeKey(world, project, 'write', { keyPaths: ['release', 'test'] })
    expect(await codeOf(askRelease(world, narrow.actor, { value: 'prod/password' }))).toBe('KEY_PATH_NOT_ALLOWED')
    const wide = await askApproved(world, narrow.actor, ana.actor, { value: 'test/x' }).catch(() => undefined)
    expect(wide).toBeUndefined()
    const again = await askApproved(world, actor, ana.actor, { value: 'prod/password' })
    const narrowed = { ...actor, keyPaths: ['release'] }
    expect(await codeOf(readRelease(world, narrowed, again))).toBe('KEY_PATH_NOT_ALLOWED')
    await as(world, ana.actor).values.delete({ key_path: 'prod/password' })
    expect(await codeOf(read(again))).toBe('NOT_FOUND')
    await put('back')
    expect(await read(again)).toMatchObject({ value: 'back' })
  })
})

describe('asking for a release', () => {
  test('names one thing that is there and the asker’s; another project’s is as unknown as nobody’s', async () => {
    const stranger = await makeAsker(world)
    const bo = await makePerson(world, stranger.project)
    const theirs = await as(world, bo.actor).kept.create({ name: 'theirs', secret: 'x' })
    const account = await makeAccount(world, stranger.project)
    const nobodys = '7ZZZZZZZZZZZZZZZZZZZZZZZZZ'
    const said = async (release: Parameters<typeof askRelease>[2]) => {
      const { code, message, issues } = await refusalIn(askRelease(world, actor, release))
      return { code, message, issues }
    }
    expect(await said({ secret: theirs.kept_id })).toEqual(await said({ secret: nobodys }))
    expect(await said({ account: account.id })).toEqual(await said({ account: nobodys }))
    expect((await said({ secret: nobodys })).issues?.map(({ path }) => path)).toEqual(['release.secret'])
    expect((await said({ value: 'not/there' })).code).toBe('NOT_FOUND')
    for (const wrong of [
      {},
      { secret: nobodys, value: 'a' },
      { secret: nobodys, codes: 2 },
      { account: nobodys, codes: 11 },
    ])
      expect(await codeOf(askRelease(world, actor, wrong)), JSON.stringify(wrong)).toBe('INVALID_INPUT')
    for (const seconds of [29, 901])
      expect(await codeOf(askRelease(world, actor, { secret: await kept(), seconds }))).toBe('INVALID_INPUT')
  })
  test('is for keys: people read by themselves what their role shows them', async () => {
    const wish = { key_path: 'x', value: 'y', release: { secret: await kept() } }
    expect(await faultyFields(as(world, ana.actor).approvals.create(wish))).toEqual(['release'])
  })
  test('is bound into the action_hash, so that a yes to one thing is none to another', async () => {
    const id = await kept()
    const one = await askRelease(world, actor, { secret: id })
    await sql`update approvals set release = jsonb_set(release, '{seconds}', '900') where id = ${one.approval_id}`
    const { action_hash } = await as(world, ana.actor).approvals.get({ approval_id: one.approval_id })
    expect(action_hash).toBe(one.action_hash)
    await decide(world, ana.actor, one)
    expect(await codeOf(readRelease(world, actor, one))).toBe('ACTION_CHANGED')
  })
  test('by an agent is read by the key that asked, not by another key of the same agent', async () => {
    const scopes = ['permissions:request', 'approvals:write'] as const
    const made = await makeAgent(world, project)
    const other = await makeKey(world, project, 'write', { scopes: [...scopes] })
    const asker = { ...made.actor, scopes }
    const asked = await askApproved(world, asker, ana.actor, { secret: await kept() }, { actions: yesAndNo })
    expect(await codeOf(readRelease(world, { ...other.actor, agent: made.actor.agent }, asked))).toBe('NOT_THE_ASKER')
    expect((await readRelease(world, asker, asked)).secret).toBe(text)
  })
  test('in a project that is gone from the asker is not found', async () => {
    const elsewhere = await makeProject(world)
    const asked = await askApproved(world, actor, ana.actor, { secret: await kept() })
    expect(await codeOf(readRelease(world, { ...actor, projectId: elsewhere.id }, asked))).toBe('NOT_FOUND')
  })
})
