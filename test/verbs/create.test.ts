import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { describe, expect, test } from 'vitest'
import { as, asVisitor } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { testWorld } from '../serve.ts'
import { eventsOf } from '../told.ts'

const world = await testWorld()
const { actor, project } = await makeAsker(world)
const caller = as(world, actor)
const read = async (wish: object) =>
  caller.approvals.get({ approval_id: (await makeApproval(world, actor, wish)).approval_id })

describe('the actions of an approval', () => {
  test('are one primary Approve button for a value alone', async () => {
    expect((await read({ value: 'yes' })).actions).toEqual([
      { key: 'approve', value: 'yes', label: 'Approve', style: 'primary' },
    ])
  })
  test('win over a value that is sent beside them, as the GitHub Actions and n8n guides do', async () => {
    const { actions } = await read({
      value: 'ignored',
      actions: [{ key: 'roll_back', value: 'back', style: '#ff6b6b' }],
    })
    expect(actions).toEqual([{ key: 'roll_back', value: 'back', label: 'Roll back', style: '#ff6b6b' }])
  })
  test('have the default style and a label made of the key when none is given', async () => {
    const { actions } = await read({
      actions: [
        { key: '--', value: '' },
        { key: 'ship.it-now', value: 'x', label: 'Go!' },
      ],
    })
    expect(actions.map(({ label, style }) => [label, style])).toEqual([
      ['--', 'default'],
      ['Go!', 'default'],
    ])
  })
})

describe('action_hash', () => {
  const wish = {
    key_path: 'deploy/prod',
    actions: [{ key: 'go', value: 'gone', label: 'Go', style: 'danger' }],
    info: 'Ship **it** ü😀\u2028',
    ref_id: 'ref',
    payload: { z: 1, a: [1e21, -0, 0.1, 'x'], ü: { b: null } },
  }

  test('is the SHA-256 of the RFC 8785 form of what is shown', async () => {
    const made = await makeApproval(world, actor, wish)
    const shown = { approval_id: made.approval_id, ...wish }
    const expected = createHash('sha256')
      .update(canonicalize(shown) ?? '')
      .digest('hex')
    expect(made.action_hash).toBe(expected)
    const stored = await caller.approvals.get({ approval_id: made.approval_id })
    const { approval_id, key_path, actions, info, ref_id, payload } = stored
    const again = canonicalize({ approval_id, key_path, actions, info, ref_id, payload }) ?? ''
    expect(createHash('sha256').update(again).digest('hex')).toBe(expected)
    expect((await asVisitor(world).approvals.open({ token: made.token })).action_hash).toBe(expected)
  })
  test('sorts and writes as the example of RFC 8785 does', () => {
    const text = String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`
    expect(canonicalize(JSON.parse(text))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
  })
  test('differs for each field that is shown, and for two approvals that show the same', async () => {
    const changes = [
      {},
      {},
      { key_path: 'deploy/other' },
      { info: 'Else' },
      { ref_id: 'else' },
      { payload: { z: 2 } },
      ...[{ key: 'no' }, { value: 'else' }, { label: 'Else' }, { style: 'info' }].map((change) => ({
        actions: [{ key: 'go', value: 'gone', label: 'Go', style: 'danger', ...change }],
      })),
    ]
    const hashes = []
    for (const change of changes) hashes.push((await makeApproval(world, actor, { ...wish, ...change })).action_hash)
    expect(new Set(hashes).size).toBe(changes.length)
  })
})

describe('a PIN and a number', () => {
  test('that are generated are shown once: in the reply of the creation', async () => {
    const made = await makeApproval(world, actor, { pin: 'generate', match_number: true })
    expect(made.pin).toMatch(/^\d{6}$/)
    expect(made.match_number).toMatch(/^\d{3}$/)
    const seen = JSON.stringify([
      await caller.approvals.get({ approval_id: made.approval_id }),
      await caller.approvals.list({}),
      await asVisitor(world).approvals.open({ token: made.token }),
    ])
    expect(seen).not.toContain(made.pin)
    expect(seen).not.toContain(`"${made.match_number}"`)
    expect(seen).not.toContain(made.token)
  })
  test('that the caller chose are not repeated', async () => {
    expect(await makeApproval(world, actor, { pin: '4711' })).not.toHaveProperty('pin')
  })
  test('are stored as argon2id of 19 MiB, two passes and one lane under the pepper', async () => {
    const { approval_id } = await makeApproval(world, actor, { pin: '4711' })
    const [row] = await world.db.sql`select pin_hash from approvals where id = ${approval_id}`
    expect(row?.pin_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    const { verify } = await import('@node-rs/argon2')
    expect(await verify(row?.pin_hash, '4711')).toBe(false)
  })
})

describe('initial_value', () => {
  test('is stored in the same commit, with version, event and history that name the approval', async () => {
    const made = await makeApproval(world, actor, { key_path: 'initial/one', initial_value: 'pending' })
    expect(await caller.values.get({ key_path: 'initial/one' })).toMatchObject({ value: 'pending', version: 1 })
    const { items } = await caller.values.history({ key_path: 'initial/one' })
    expect(items).toMatchObject([{ value: 'pending', version: 1, approval_id: made.approval_id, by: { type: 'key' } }])
    const told = await world.db.sql`
      select name, payload from events where project_id = ${project.id} and payload ->> 'key_path' = 'initial/one' order by name`
    expect(told.map((one) => [one.name, one.payload.version])).toEqual([
      ['approval.created', undefined],
      ['value.set', 1],
    ])
  })
  test('replaces what was there as the next version', async () => {
    await caller.values.put({ key_path: 'initial/two', value: 'old' })
    await makeApproval(world, actor, { key_path: 'initial/two', initial_value: '' })
    expect(await caller.values.get({ key_path: 'initial/two' })).toMatchObject({ value: '', version: 2 })
  })
  test('left out leaves the value alone', async () => {
    const made = await makeApproval(world, actor, { key_path: 'initial/three' })
    expect((await caller.values.history({ key_path: 'initial/three' })).items).toEqual([])
    expect(await eventsOf(world.db.sql, made.approval_id)).toEqual(['approval.created'])
  })
})

test('the time to decide is counted by the database, from 10 seconds to 30 days', async () => {
  for (const ttl_seconds of [10, 600, 2_592_000]) {
    const { approval_id } = await makeApproval(world, actor, { ttl_seconds })
    const { created_at, expires_at } = await caller.approvals.get({ approval_id })
    expect(Date.parse(expires_at) - Date.parse(created_at)).toBe(ttl_seconds * 1000)
  }
})

test('the link is a capability of its own: 130 random bits, kept only as a digest', async () => {
  const made = await Promise.all(Array.from({ length: 50 }, () => makeApproval(world, actor)))
  expect(new Set(made.map((one) => one.token)).size).toBe(50)
  for (const { token, approval_id } of made) {
    expect(token).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
    expect(token.slice(0, 8)).not.toBe(approval_id.slice(0, 8))
  }
  const dump = JSON.stringify(
    await world.db.sql`select approvals::text, (select string_agg(e::text, '') from events e) from approvals`,
  )
  for (const { token } of made) expect(dump).not.toContain(token)
})
