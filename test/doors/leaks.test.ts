import { afterEach, describe, expect, test } from 'vitest'
import { openLog } from '../../server/lib/log.ts'
import { asker, type Reply } from '../http.ts'
import { ownerOf } from '../owner.ts'
import { serve } from '../serve.ts'
import { canary, changesOf, everything, names, pins } from './changes.ts'

const lines: string[] = []
const log = openLog('trace', { write: (line) => void lines.push(line) })
const service = await serve({}, { log })
const { changes, keys } = await changesOf(service)
const { url, world } = service
const sql = ownerOf(world)

/** SQLSTATE → what the client is told. */
const states: Record<string, number> = {
  '23505': 500,
  '23514': 500,
  '22P02': 500,
  '22P05': 500,
  '40001': 503,
  '57014': 503,
  '42P01': 500,
  '53100': 503,
  '08006': 503,
  '57P01': 503,
}

function mustNotLeak(reply: Reply, from: number) {
  const said = [reply.text, JSON.stringify(reply.headers), ...lines.slice(from)].join('\n')
  for (const secret of [
    canary,
    ...keys,
    pins.right,
    pins.wrong,
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

describe.each(names)('%s', (name) => {
  test.each(Object.entries(states))(
    'whose audit row fails with %s changes nothing, answers %d, and leaks nothing',
    async (state, status) => {
      const change = await changes[name]()
      await sql.unsafe(`
      create or replace function fail() returns trigger language plpgsql as $$
      begin raise exception 'CANARY-7f3a % %', new.payload, new.request_id using errcode = '${state}', detail = 'Key (tok)=(CANARY-7f3a)'; end $$;
      create trigger broken before insert on events for each row execute function fail()`)
      const [before, from] = [await everything(sql), lines.length]
      const reply = await change()
      expect(reply.status).toBe(status)
      const body = name.includes('tRPC') ? JSON.parse(reply.text).error.data : reply.body
      expect(body).toMatchObject({
        code: status === 503 ? 'UNAVAILABLE' : 'INTERNAL',
        request_id: reply.headers['x-request-id'],
      })
      if (status === 503) expect(reply.headers['retry-after']).toBe('2')
      mustNotLeak(reply, from)
      expect(await everything(sql)).toBe(before)
      const told = lines.slice(from).filter((line) => line.includes(String(reply.headers['x-request-id'])))
      expect(told.length).toBeGreaterThan(0)
      expect(told.join()).toContain(state)
    },
  )
  test('says as little when a table is gone', async () => {
    const change = await changes[name]()
    const from = lines.length
    await sql`alter table events rename to hidden`
    const reply = await change()
    await sql`alter table hidden rename to events`
    expect(reply.status).toBe(500)
    mustNotLeak(reply, from)
  })
})

test('a unique link digest, a duplicate version and a failed check say nothing of the row', async () => {
  await sql`alter table approvals add constraint never check (info is distinct from 'CANARY-7f3a') not valid`
  const from = lines.length
  const reply = await asker(url)('POST', '/v1/approvals', {
    key: keys[0] ?? '',
    body: { key_path: 'a', value: 'x', info: canary },
  })
  expect(reply.status).toBe(500)
  mustNotLeak(reply, from)
  expect(lines.slice(from).join()).toContain('never')
  await sql`alter table approvals drop constraint never`
})
