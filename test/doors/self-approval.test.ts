import { beforeAll, describe, expect, test } from 'vitest'
import { mayDecide } from '../../server/approvals/right.ts'
import type { KeyActor } from '../../server/context.ts'
import { contract } from '../../shared/contract/index.ts'
import { presets } from '../../shared/scopes.ts'
import { makeAgent, makeAgentKey } from '../agents.ts'
import { as } from '../as.ts'
import { asker } from '../http.ts'
import { makeApproval, makeKey, makeProject } from '../make.ts'
import { mcpOverHttp } from '../mcp.ts'
import { dashboardHeaders, makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { serve } from '../serve.ts'
import { eventsOf } from '../told.ts'
import { vote, yesOrNo } from '../voting.ts'

const { url, world } = await serve()
const { sql } = world.db
const ask = asker(url)
const project = await makeProject(world)
const maker = await makePerson(world, project, 'OWNER', { name: 'Maker' })
const ana = await makePerson(world, project, 'ADMIN', { name: 'Ana' })
const everything = { scopes: presets.admin.scopes }
const { agent, ...agents } = await makeAgent(world, project, everything)
const second = await makeAgentKey(world, project, agent, everything)
const plain = await makeKey(world, project, 'admin')
await sql`update api_keys set maker_id = ${maker.id} where project_id = ${project.id}`

/** A person whom a key invited, as far as the key can take them: a member who is signed in. */
async function creatureOf(line: string) {
  const one = await makePerson(world, project, 'MEMBER', { name: 'Creature' })
  await sql`update memberships set invited_by_key = ${line} where person_id = ${one.id}`
  return { ...one, actor: { ...one.actor, invitedByKey: line } }
}

const requesters = {
  'an agent': { ...agents, creature: await creatureOf(agent.id) },
  'a key': { ...plain, creature: await creatureOf(plain.actor.family) },
}
const groups = {
  'by one whom it names': [{ any_of: ['role:ADMIN', 'role:OWNER', 'role:MEMBER'], required: 1 }],
  'by two whom it names': [{ any_of: ['role:ADMIN', 'role:OWNER', 'role:MEMBER'], required: 2 }],
  'by whoever is signed in': undefined,
}

type Asked = Awaited<ReturnType<typeof makeApproval>>
type Attempt = (asked: Asked, key: string, creature: { cookie: string }) => Promise<unknown>

const basic = (key: string) => ({ authorization: `Basic ${Buffer.from(`x:${key}`).toString('base64')}` })
const own = { origin: url, 'sec-fetch-site': 'same-origin' }

/** A visit of the requester's own, and what its page would send. */
async function visited({ token, action_hash }: Asked) {
  const opened = await ask('GET', `/v1/link/approvals/${token}`)
  const [cookie = ''] = (opened.headers['set-cookie'] ?? []).map((line) => line.split(';')[0])
  return { cookie, fields: { action: 'approve', csrf_token: String(opened.body.csrf_token), action_hash } }
}

const acting =
  (more: (key: string) => Record<string, string>, write: (fields: object) => unknown = (fields) => fields): Attempt =>
  async (asked, key) => {
    const { cookie, fields } = await visited(asked)
    const body = write(fields)
    return (
      await ask('POST', `/v1/link/approvals/${asked.token}/act`, { headers: { cookie, ...own, ...more(key) }, body })
    ).status
  }

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const attempts: Record<string, Attempt> = {
  'its link, in a visit of its own': acting(() => ({})),
  'its link, with its key as bearer': acting((key) => ({ authorization: `Bearer ${key}` })),
  'its link, with its key as Basic': acting(basic),
  'its link, with its key as X-API-Key': acting((key) => ({ 'x-api-key': key })),
  'its link, as a form': acting(
    () => form,
    (fields) => new URLSearchParams({ ...fields }).toString(),
  ),
  'its link, with the project named': acting((key) => ({ ...basic(key), 'x-countersign-project': project.id })),
  'its link, at the alias': async (asked, key) => {
    const { cookie, fields } = await visited(asked)
    return (
      await ask('POST', `/api/v1/link/approvals/${asked.token}/act`, { key, headers: { cookie, ...own }, body: fields })
    ).status
  },
  'the plain page’s form': async (asked) => {
    const { cookie, fields } = await visited(asked)
    const body = new URLSearchParams(fields).toString()
    return (await ask('POST', `/a/${asked.token}/plain`, { headers: { cookie, ...own, ...form }, body })).status
  },
  'the page’s own call, with its key': async (asked, key) => {
    const { cookie, fields } = await visited(asked)
    const headers = { cookie, ...own, 'x-countersign-project': project.id }
    return (await ask('POST', '/trpc/approvals.act', { key, headers, body: { ...fields, token: asked.token } })).status
  },
  'the page’s report': async (asked, key) => {
    const { cookie, fields } = await visited(asked)
    return (
      await ask('POST', `/v1/link/approvals/${asked.token}/report`, {
        ...{ key, headers: { cookie, ...own }, body: { csrf_token: fields.csrf_token } },
      })
    ).status
  },
  ...Object.fromEntries(
    (['approvals.decide', 'approvals.retract'] as const).flatMap((name) =>
      ['bearer', 'Basic', 'X-API-Key'].map((way): [string, Attempt] => [
        `the dashboard’s ${name}, with its key as ${way}`,
        async ({ approval_id, action_hash }, key) => {
          const ways: Record<string, Record<string, string>> = {
            bearer: { authorization: `Bearer ${key}` },
            Basic: basic(key),
            'X-API-Key': { 'x-api-key': key },
          }
          const headers = { ...own, 'x-countersign-project': project.id, ...ways[way] }
          const body = name === 'approvals.decide' ? { approval_id, action_hash, action: 'approve' } : { approval_id }
          return (await ask('POST', `/trpc/${name}`, { headers, body })).status
        },
      ]),
    ),
  ),
  ...Object.fromEntries(
    ['act', 'approve', 'decide', 'vote', 'execute', 'retract', 'decision'].flatMap((verb) =>
      ['POST', 'PUT', 'PATCH'].map((method): [string, Attempt] => [
        `${method} …/${verb} of the API`,
        async ({ approval_id, action_hash }, key) =>
          (await ask(method, `/v1/approvals/${approval_id}/${verb}`, { key, body: { action: 'approve', action_hash } }))
            .status,
      ]),
    ),
  ),
  'a change of the approval itself': async ({ approval_id }, key) => {
    const body = { status: 'executed', approvers: null, decision: { action: 'approve' } }
    const replies = await Promise.all(
      ['PATCH', 'PUT', 'DELETE'].map((method) => ask(method, `/v1/approvals/${approval_id}`, { key, body })),
    )
    return Math.min(...replies.map(({ status }) => status))
  },
  'a policy that it writes': async (_, key) => {
    const body = { name: 'All', matchers: [], effect: 'auto_approve' }
    const rest = await ask('POST', '/v1/policies', { key, body })
    const page = await ask('POST', '/trpc/policies.create', {
      ...{ key, headers: { ...own, 'x-countersign-project': project.id }, body },
    })
    return Math.min(rest.status, page.status)
  },
  'a standing yes': async ({ approval_id, action_hash }, key) => {
    const body = { approval_id, action_hash, action: 'approve', standing_seconds: 3600 }
    const headers = { ...own, 'x-countersign-project': project.id }
    return (await ask('POST', '/trpc/approvals.decide', { key, headers, body })).status
  },
  'somebody whom it invited, by id': async ({ approval_id, action_hash }, _, creature) =>
    (
      await ask('POST', '/trpc/approvals.decide', {
        headers: dashboardHeaders(url, creature, project),
        body: { approval_id, action_hash, action: 'approve' },
      })
    ).status,
  'somebody whom it invited, by link': async (asked, _, creature) => {
    const { cookie, fields } = await visited(asked)
    const headers = { ...dashboardHeaders(url, creature, project), cookie: `${creature.cookie}; ${cookie}` }
    return (await ask('POST', '/trpc/approvals.act', { headers, body: { ...fields, token: asked.token } })).status
  },
  'the session of somebody whom it invited beside its key': async ({ approval_id, action_hash }, key, creature) =>
    (
      await ask('POST', '/trpc/approvals.decide', {
        ...{ key, headers: dashboardHeaders(url, creature, project) },
        body: { approval_id, action_hash, action: 'approve' },
      })
    ).status,
}

let mcp: { [name in keyof typeof requesters]: Awaited<ReturnType<typeof mcpOverHttp>> }
beforeAll(async () => {
  mcp = {
    'an agent': await mcpOverHttp(url, requesters['an agent'].key),
    'a key': await mcpOverHttp(url, requesters['a key'].key),
  }
})

const stands = async ({ approval_id }: Asked) => ({
  told: await eventsOf(sql, approval_id),
  rows: await sql`
    select a.status, a.attempts, a.voted_at, a.decided_action, (select count(*)::int from votes v where v.approval_id = a.id) as votes,
      (select count(*)::int from values v where v.project_id = a.project_id and v.key_path = a.key_path) as set
    from approvals a where a.id = ${approval_id}`,
})

describe.each(Object.keys(requesters) as (keyof typeof requesters)[])('what %s asks', (who) => {
  const { actor, key, creature } = requesters[who]
  describe.each(Object.entries(groups))('to be decided %s', (how, approvers) => {
    const asking = (asActor: KeyActor = actor) =>
      makeApproval(
        world,
        { ...asActor, makerId: maker.id },
        {
          key_path: `self/${how.length}/${who.length}`,
          actions: yesOrNo,
          ...(approvers ? { approvers } : { link: 'signed_in' as const }),
        },
      )
    test('is not decided, reported or changed by it in any way', async () => {
      const asked = await asking()
      const before = await stands(asked)
      for (const [way, attempt] of Object.entries(attempts)) {
        const refused = / of the API$|itself$|writes$/.test(way) ? [401, 404, 405] : [401, 403]
        expect(refused, way).toContain(await attempt(asked, key, creature))
      }
      expect(await stands(asked)).toEqual(before)
    })
    test('is not decided by it over MCP, by any tool', async () => {
      const asked = await asking()
      const before = await stands(asked)
      const { names, call } = mcp[who]
      const { approval_id, action_hash, token } = asked
      const words = {
        approval_id,
        id: approval_id,
        action_hash,
        action: 'approve',
        token,
        key_path: 'x',
        csrf_token: 'x',
      }
      for (const tool of [
        ...(await names()).filter((name) => name !== 'wait'),
        'decide',
        'approve',
        'act',
        'approvals.decide',
        'approvals.act',
        'vote',
      ])
        expect([
          tool,
          await call(tool, words).then(
            ({ error }) => error !== undefined,
            () => true,
          ),
        ]).toEqual([tool, true])
      expect(await stands(asked)).toEqual(before)
    })
    test('is decided by somebody else, with the maker of the key only where nobody is named', async () => {
      const asked = await asking()
      expect(await codeOf(vote(world, maker, asked))).toBe(approvers ? 'NOT_AN_APPROVER' : 'done')
      if (!approvers) return
      const bo = await makePerson(world, project, 'MEMBER')
      for (const person of [ana, bo].slice(0, approvers[0]?.required)) await vote(world, person, asked)
      expect((await as(world, actor).approvals.get({ approval_id: asked.approval_id })).status).toBe('executed')
    })
  })
})

test('an agent cannot make a link that anybody could press, and its other keys are no better', async () => {
  const body = { key_path: 'self/bearer', value: 'yes', link: 'bearer' }
  expect((await ask('POST', '/v1/approvals', { key: second.key, body })).status).toBe(400)
  const made = await makeApproval(world, { ...agents.actor, makerId: maker.id }, { key_path: 'self/other' })
  const before = await stands(made)
  for (const attempt of Object.values(attempts)) await attempt(made, second.key, requesters['an agent'].creature)
  expect(await stands(made)).toEqual(before)
})

test('nothing that keys may call decides: of the contract only act and decide do, and both ask who it is', () => {
  const byKey = Object.entries(contract.approvals).flatMap(([name, entry]) =>
    'method' in entry && entry.access !== 'public' && !('peopleOnly' in entry && entry.peopleOnly) ? [name] : [],
  )
  expect(byKey.sort()).toEqual(['consume', 'create', 'get', 'invalidate', 'list', 'receipt', 'release'])
})

test('a rule that forgets who invited whom lets the creature press it (control)', async () => {
  const { creature, actor } = requesters['a key']
  const asked = await makeApproval(
    world,
    { ...actor, makerId: maker.id },
    { key_path: 'self/control', link: 'signed_in' },
  )
  const forgetful = { ...creature.actor, invitedByKey: null }
  const [row] =
    await sql`select (${mayDecide(sql, forgetful)}) as forgetful, (${mayDecide(sql, creature.actor)}) as ours
    from approvals a where id = ${asked.approval_id}`
  expect(row).toEqual({ forgetful: true, ours: false })
})
