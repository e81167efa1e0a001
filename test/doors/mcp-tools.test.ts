import { beforeAll, describe, expect, test } from 'vitest'
import { granteeOf, grantTo, makeAccount } from '../accounts.ts'
import { answerPermission, makeAgent } from '../agents.ts'
import { as } from '../as.ts'
import { build } from '../built.ts'
import { makeApproval, makeKey, makeProject } from '../make.ts'
import { mcpOverHttp, mcpOverStdio } from '../mcp.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()

beforeAll(() => {
  build()
}, 300_000)

const ask = { action: 'email.send', scope: { to: ['ana@example.com', 'bo@example.com'] }, reason: 'A refund.' }
const all = ['values:read', 'approvals:read', 'approvals:write', 'accounts:codes', 'secrets:write'] as const

describe.each([
  ['/mcp', mcpOverHttp],
  ['countersign mcp', mcpOverStdio],
])('%s', (_, connect) => {
  /** An agent at its client, and a person who answers it. */
  async function office(scopes: readonly (typeof all)[number][] = all) {
    const project = await makeProject(world)
    const agent = await makeAgent(world, project, { scopes })
    const person = await makePerson(world, project)
    const client = await connect(url, agent.key)
    /** Answers the newest request that waits, as soon as there is one. */
    const answer = async (action: 'approve' | 'deny', more: Parameters<typeof answerPermission>[4] = {}) => {
      const newest = async () => (await as(world, agent.actor).permissions.list({ status: 'pending' })).items[0]
      await expect.poll(newest, { timeout: 15_000 }).toBeDefined()
      const asked = await newest()
      if (asked) await answerPermission(world, person.actor, asked, action, more)
    }
    return { project, ...agent, person, answer, ...client }
  }

  test('lists the tools that the key has, and a call of any other is refused with the scope that it lacks', async () => {
    const { names, call } = await office([])
    expect(await names()).toEqual(['request_permission', 'use_permission', 'wait'])
    expect((await call('read_value', { key_path: 'a' })).error).toMatch(/^INSUFFICIENT_SCOPE: .*values:read/)
    const { key } = await makeKey(world, await makeProject(world), 'read')
    expect(await (await connect(url, key)).names()).toEqual(['read_value'])
    const { key: whole } = await makeKey(world, await makeProject(world), 'admin')
    const { client } = await connect(url, whole)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual([
      ...['request_permission', 'use_permission', 'request_approval', 'wait', 'read_release'],
      ...['get_code', 'share_secret', 'read_value'],
    ])
    for (const { name, annotations, description, outputSchema } of tools) {
      expect(annotations, name).toMatchObject({ readOnlyHint: expect.any(Boolean), title: expect.any(String) })
      expect(description?.length, name).toBeGreaterThan(100)
      expect(outputSchema?.required, name).toContain('message')
    }
    expect(tools.filter(({ annotations }) => annotations?.readOnlyHint).map(({ name }) => name)).toEqual([
      'wait',
      'read_value',
    ])
    expect(client.getInstructions()).toMatch(/silence .* are no/i)
  })

  test('an approved permission comes with less than was asked and a token that is used once', async () => {
    const { call, answer, person } = await office()
    const waiting = call('request_permission', ask)
    await answer('approve', { scope: { to: ['ana@example.com'] } })
    const { status, scope, token, handle, message, decided_by } = await waiting
    expect({ status, scope, decided_by }).toEqual({
      status: 'approved',
      scope: { to: ['ana@example.com'] },
      decided_by: person.name,
    })
    expect(message).toContain('use_permission')
    expect((await call('wait', { handle })).token).toBe(token)
    expect((await call('use_permission', { handle, token: `${token}x` })).error).toMatch(/^WRONG_TOKEN: /)
    expect(await call('use_permission', { handle, token })).toMatchObject({
      error: undefined,
      scope: { to: ['ana@example.com'] },
      uses_remaining: 0,
    })
    expect((await call('use_permission', { handle, token })).error).toMatch(/^TOKEN_USED: This token has been used/)
    expect(await call('wait', { handle })).toMatchObject({
      status: 'used',
      message: expect.stringContaining('do not act'),
    })
  })

  test('what nobody answers is pending with a handle, says that silence is no consent, and is waited for again', async () => {
    const { call, answer, project } = await office()
    const asked = await call('request_permission', { ...ask, wait_seconds: 1 })
    expect(asked).toMatchObject({
      status: 'pending',
      message: expect.stringMatching(/Silence is never consent: do not act\./),
      approval_url: `${url}/p/${project.id}/requests/${String(asked.handle).slice('permission:'.length)}`,
    })
    expect(asked).not.toHaveProperty('token')
    const again = await call('wait', { handle: asked.handle, wait_seconds: 1 })
    expect(again).toMatchObject({ status: 'pending', handle: asked.handle, message: asked.message })
    const waiting = call('wait', { handle: asked.handle })
    await answer('deny', { comment: 'Ask the customer first.' })
    const no = await waiting
    expect(no).toMatchObject({ status: 'denied', comment: 'Ask the customer first.', error: undefined })
    expect(no.message).toMatch(/Ask the customer first\. Do not act/)
    expect(no).not.toHaveProperty('token')
  })

  test('a no that comes at once has the shape of any other, and one that expired is no yes', async () => {
    const project = await makeProject(world)
    const { key } = await makeAgent(world, project, { env: 'test' })
    const { call } = await connect(url, key)
    const no = await call('request_permission', { ...ask, context: { _test_deny: true } })
    expect(no).toMatchObject({
      status: 'denied',
      error: undefined,
      handle: expect.stringMatching(/^permission:\w{26}$/),
    })
    expect(await call('wait', { handle: no.handle })).toMatchObject({ status: 'denied', comment: no.comment })
    const live = await office()
    const late = await live.call('request_permission', { ...ask, wait_seconds: 0 })
    const id = String(late.handle).slice('permission:'.length)
    await world.db.sql`update approvals set expires_at = now() where id = ${id}`
    const read = await live.call('wait', { handle: late.handle, wait_seconds: 1 })
    expect(read).toMatchObject({ status: 'expired', message: expect.stringContaining('Silence is never consent') })
  })

  test('an approval is decided by a signed-in person, and its link never reaches the model, whoever the key is', async () => {
    const { project, actor, person, call, key } = await office()
    const { key: plain, actor: plainActor } = await makeKey(world, project)
    for (const [text, who] of [
      [key, actor],
      [plain, plainActor],
    ] as const) {
      const mine = text === key ? { call } : await connect(url, text)
      const asked = await mine.call('request_approval', { key_path: 'deploy/prod', info: 'Deploy?', wait_seconds: 0 })
      const approval_id = String(asked.handle).slice('approval:'.length)
      expect(asked).toMatchObject({ status: 'pending', approval_url: `${url}/p/${project.id}?open=${approval_id}` })
      expect(asked.text).not.toContain('/a/')
      const { link, action_hash } = await as(world, who).approvals.get({ approval_id })
      expect(link).toBe('signed_in')
      const waiting = mine.call('wait', { handle: asked.handle })
      const action = text === key ? 'approve' : 'reject'
      await as(world, person.actor).approvals.decide({ approval_id, action, action_hash, comment: 'Noted.' })
      expect(await waiting).toMatchObject({
        status: text === key ? 'approved' : 'rejected',
        action,
        value: text === key ? 'approved' : 'rejected',
        comment: 'Noted.',
        decided_by: person.name,
      })
    }
    expect(await call('read_value', { key_path: 'deploy/prod' })).toMatchObject({ value: 'rejected' })
    expect((await call('read_value', { key_path: 'deploy/none' })).error).toMatch(/^NOT_FOUND: /)
  })

  test('a code is found by name, and an account that is not the agent’s is not', async () => {
    const { project, actor, call } = await office()
    const one = await makeAccount(world, project, { name: 'root', issuer: 'Cloud' })
    await makeAccount(world, project, { name: 'root', issuer: 'Other' })
    await makeAccount(world, await makeProject(world), { name: 'theirs' })
    await world.db.sql`update api_keys set account_tags = '{}' where id = ${actor.id}`
    expect((await call('get_code', { account: 'Cloud' })).error).toMatch(/^NOT_FOUND: There is no such account/)
    await grantTo(world, one, { ...granteeOf(actor), codes: 1 })
    const given = await call('get_code', { account: 'cloud' })
    expect(given).toMatchObject({
      account_id: one.id,
      name: 'root',
      code: expect.stringMatching(/^\d{6}$/),
      codes_left: 0,
    })
    expect((await call('get_code', { account: one.id })).error).toMatch(/^(CODES_USED_UP|STEP_USED|NOT_FOUND): /)
    await world.db.sql`update api_keys set account_tags = null where id = ${actor.id}`
    await expect
      .poll(async () => (await call('get_code', { account: 'root' })).error)
      .toMatch(/^SEVERAL_ACCOUNTS: .*Other/)
    expect((await call('get_code', { account: 'theirs' })).error).toMatch(/^NOT_FOUND: /)
  })

  test('a secret goes in, a link that shows it once comes out, and the text is never said again', async () => {
    const { call, project } = await office()
    const text = 'the horse is correct'
    const shared = await call('share_secret', { secret: text, ttl: 600, memo: 'for Bo' })
    expect(shared).toMatchObject({
      expires_in_seconds: 600,
      link: expect.stringMatching(new RegExp(`^${url}/s/\\w+$`)),
    })
    expect(shared.text).not.toContain('horse')
    const secret_key = String(shared.link).split('/').at(-1) ?? ''
    const { actor } = await makeKey(world, project, 'admin')
    expect(await as(world, actor).secrets.retrieve({ secret_key })).toMatchObject({ value: text })
    for (const wrong of [{ secret: text.repeat(600) }, { secret: text, ttl: 'soon' }, { secret: text, [text]: 1 }]) {
      const { error } = await call('share_secret', wrong)
      expect(error).toMatch(/^INVALID_INPUT: /)
      if (!Object.hasOwn(wrong, text)) expect(error).not.toContain('horse')
    }
  })

  test('hostile arguments are refused with code and sentence, and never with a stack', async () => {
    const { call, project } = await office()
    const deep = JSON.parse(`${'{"a":'.repeat(9)}1${'}'.repeat(9)}`)
    const wide = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`k${i}`, 1]))
    const { actor } = await makeKey(world, await makeProject(world))
    const { approval_id } = await makeApproval(world, actor)
    const wrong: [string, Record<string, unknown>, RegExp][] = [
      ['request_permission', { ...ask, scope: deep }, /^INVALID_INPUT: scope/],
      ['request_permission', { ...ask, scope: wide }, /^INVALID_INPUT: scope/],
      ['request_permission', { ...ask, scope: JSON.parse('{"__proto__":{"x":1}}') }, /^INVALID_INPUT: scope/],
      ['request_permission', { ...ask, ttl: 29 }, /^INVALID_INPUT: ttl/],
      ['request_permission', { ...ask, ttl: 3601 }, /^INVALID_INPUT: ttl/],
      ['request_permission', { ...ask, wait_seconds: 51 }, /^INVALID_INPUT: wait_seconds/],
      ['request_permission', { ...ask, action: 'a\0b' }, /^INVALID_INPUT: action/],
      ['request_permission', { ...ask, link: 'bearer' }, /^INVALID_INPUT: link: Unknown field\./],
      ['request_permission', { action: 'x' }, /^INVALID_INPUT: reason/],
      ['request_approval', { key_path: '../x' }, /^INVALID_INPUT: key_path/],
      ['request_approval', { key_path: 'x', link: 'bearer' }, /^INVALID_INPUT: link/],
      ['request_approval', { key_path: 'x', notify: ['x@example.com'] }, /^INVALID_INPUT: notify/],
      ['wait', { handle: approval_id }, /^INVALID_INPUT: handle/],
      ['wait', { handle: `approval:${approval_id}` }, /^NOT_FOUND: /],
      ['wait', { handle: `permission:${approval_id}` }, /^NOT_FOUND: /],
      ['use_permission', { handle: `approval:${approval_id}`, token: 'x' }, /^INVALID_INPUT: handle/],
      ['read_value', { key_path: "a'; drop table values; --" }, /^INVALID_INPUT: key_path/],
      ['get_code', { account: `${approval_id},${approval_id}` }, /^NOT_FOUND: /],
      ['no_such_tool', {}, /^NOT_FOUND: There is no such tool\./],
    ]
    for (const [name, args, refused] of wrong) {
      const { error } = await call(name, args)
      expect(error, `${name} ${JSON.stringify(args).slice(0, 80)}`).toMatch(refused)
      expect(error).not.toMatch(/\n\s+at |\.ts:|node_modules/)
    }
    expect((await as(world, (await makeAgent(world, project)).actor).permissions.list({})).items).toEqual([])
  })

  test('an unknown key and a revoked one learn why, and nothing else', async () => {
    const strange = async (key: string) => {
      const reached = await connect(url, key).then(
        async ({ names, call }) => [await names().catch(String), await call('wait', { handle: 'x' }).catch(String)],
        (error: unknown) => [String(error)],
      )
      return JSON.stringify(reached)
    }
    expect(await strange(`ak_live_${'x'.repeat(32)}`)).toContain('The API key is malformed or does not exist.')
    const { key, id } = await makeAgent(world, await makeProject(world))
    await world.db.sql`update api_keys set revoked_at = now() where id = ${id}`
    expect(await strange(key)).toContain('The API key has been revoked or has expired.')
  })
})
