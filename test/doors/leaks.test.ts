import { afterEach, describe, expect, test } from 'vitest'
import { openLog } from '../../server/lib/log.ts'
import { transports } from '../../shared/scopes.ts'
import { asker, browser, type Reply } from '../http.ts'
import { makeApproval, makeAsker, makeKey } from '../make.ts'
import { serve } from '../serve.ts'

const lines: string[] = []
const log = openLog('trace', { write: (line) => void lines.push(line) })
const { url, world } = await serve({}, { log })
const { sql } = world.db
const { key, actor, project } = await makeAsker(world)
const { key: everywhere } = await makeKey(world, project, 'write', { transports })
const ask = asker(url)
const canary = 'CANARY-7f3a'

/** Every change there is, each with its text as a canary, made ready while nothing is broken yet. */
const changes: Record<string, () => Promise<() => Promise<Reply>>> = {
  'approvals.create': async () => () =>
    ask('POST', '/v1/approvals', {
      key,
      body: { key_path: 'a', value: canary, initial_value: canary, pin: '471100812', info: canary },
    }),
  'approvals.create, once': async () => () =>
    ask('POST', '/v1/approvals', {
      key,
      headers: { 'idempotency-key': canary },
      body: { key_path: 'a', value: canary },
    }),
  'values.put, the key in the query': async () => () =>
    ask('PUT', `/v1/key/leak/query?key=${everywhere}`, { body: canary }),
  'approvals.create, the key in the body': async () => () =>
    ask('POST', '/v1/approvals', { body: { API_Key: everywhere, key_path: 'a', value: canary } }),
  'values.put': async () => () => ask('PUT', '/v1/key/leak/put', { key, body: canary }),
  'values.delete': async () => {
    await ask('PUT', '/v1/key/leak/delete', { key, body: canary })
    return () => ask('DELETE', '/v1/key/leak/delete', { key })
  },
  'approvals.invalidate': async () => {
    const { approval_id } = await makeApproval(world, actor, { info: canary })
    return () => ask('POST', `/v1/approvals/${approval_id}/invalidate`, { key })
  },
  'approvals.act': async () => {
    const { token } = await makeApproval(world, actor, { value: canary })
    return () => browser(url).press(token, 'approve', { comment: canary })
  },
  'approvals.act by tRPC': async () => {
    const { token } = await makeApproval(world, actor, { value: canary })
    const page = browser(url)
    const { csrf_token, action_hash } = (await page.open(token)).body
    return () =>
      page.post('/trpc/approvals.act', { token, action: 'approve', csrf_token, action_hash, comment: canary })
  },
  'a wrong PIN': async () => {
    const { token } = await makeApproval(world, actor, { value: canary, pin: '471100812' })
    return () => browser(url).press(token, 'approve', { pin: '582211923', comment: canary })
  },
  'approvals.report': async () => {
    const { token } = await makeApproval(world, actor)
    const page = browser(url)
    const { csrf_token } = (await page.open(token)).body
    return () => page.post(`/v1/link/approvals/${token}/report`, { csrf_token })
  },
  'demo.create': async () => () => ask('POST', '/v1/demo/approvals'),
}

/** SQLSTATE → what the client is told. */
const states: Record<string, number> = {
  '23505': 500,
  '23514': 500,
  '22P02': 500,
  '22P05': 500,
  '40001': 500,
  '57014': 500,
  '42P01': 500,
  '53100': 500,
  '08006': 503,
  '57P01': 503,
}

/** Everything that a change could have changed, but for attempts, which are spent before anything else. */
async function everything(): Promise<string> {
  const [row] = await sql`
    select md5(coalesce((select string_agg((a.id, a.status, a.ended_at)::text, '|' order by id) from approvals a), '')
      || coalesce((select string_agg(v::text, '|' order by project_id, key_path) from "values" v), '')
      || (select count(*) from events) || (select count(*) from value_versions) || (select count(*) from idempotency)
      || (select count(*) from projects) || (select count(*) from api_keys)) as sum`
  return row?.sum
}

function mustNotLeak(reply: Reply, from: number) {
  const said = [reply.text, JSON.stringify(reply.headers), ...lines.slice(from)].join('\n')
  for (const secret of [
    canary,
    key,
    everywhere,
    '471100812',
    '582211923',
    'insert into',
    'Failed query',
    'raise exception',
    'csrf_token',
  ])
    expect(said).not.toContain(secret)
  // Link tokens stand in addresses; neither a reply nor a line may repeat one.
  expect(said).not.toMatch(/\/a\/[0-9A-HJKMNP-TV-Z]{26}|approvals\/[0-9A-HJKMNP-TV-Z]{26}\/(act|report)/)
}

afterEach(async () => {
  await sql`drop trigger if exists broken on events`
})

describe.each(Object.keys(changes))('%s', (name) => {
  test.each(Object.entries(states))(
    'whose audit row fails with %s changes nothing, answers %d, and leaks nothing',
    async (state, status) => {
      const change = await changes[name]?.()
      await sql.unsafe(`
      create or replace function fail() returns trigger language plpgsql as $$
      begin raise exception 'CANARY-7f3a % %', new.payload, new.request_id using errcode = '${state}', detail = 'Key (tok)=(CANARY-7f3a)'; end $$;
      create trigger broken before insert on events for each row execute function fail()`)
      const [before, from] = [await everything(), lines.length]
      const reply = await change?.()
      if (!reply) throw new Error('There is no such change.')
      expect(reply.status).toBe(status)
      const body = name.includes('tRPC') ? JSON.parse(reply.text).error.data : reply.body
      expect(body).toMatchObject({
        code: status === 503 ? 'UNAVAILABLE' : 'INTERNAL',
        request_id: reply.headers['x-request-id'],
      })
      if (status === 503) expect(reply.headers['retry-after']).toBe('2')
      mustNotLeak(reply, from)
      expect(await everything()).toBe(before)
      const told = lines.slice(from).filter((line) => line.includes(String(reply.headers['x-request-id'])))
      expect(told.length).toBeGreaterThan(0)
      expect(told.join()).toContain(state)
    },
  )
  test('says as little when a table is gone', async () => {
    const change = await changes[name]?.()
    const from = lines.length
    await sql`alter table events rename to hidden`
    const reply = await change?.()
    await sql`alter table hidden rename to events`
    expect(reply?.status).toBe(500)
    if (reply) mustNotLeak(reply, from)
  })
})

test('a unique link digest, a duplicate version and a failed check say nothing of the row', async () => {
  await sql`alter table approvals add constraint never check (info is distinct from 'CANARY-7f3a') not valid`
  const from = lines.length
  const reply = await ask('POST', '/v1/approvals', { key, body: { key_path: 'a', value: 'x', info: canary } })
  expect(reply.status).toBe(500)
  mustNotLeak(reply, from)
  expect(lines.slice(from).join()).toContain('never')
  await sql`alter table approvals drop constraint never`
})
