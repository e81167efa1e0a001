import type { Sql } from '../../server/lib/db.ts'
import { transports } from '../../shared/scopes.ts'
import { asker, browser, type Reply } from '../http.ts'
import { makeApproval, makeAsker, makeKey } from '../make.ts'
import type { serve } from '../serve.ts'

/** What stands in every text that a change carries, and its secrets beside it. */
export const canary = 'CANARY-7f3a'
export const pins = { right: '471100812', wrong: '582211923' }

/** Every change there is, each with its text as a canary, made ready while nothing is broken yet. */
export async function changesOf({ url, world }: Awaited<ReturnType<typeof serve>>) {
  const { key, actor, project } = await makeAsker(world)
  const { key: everywhere } = await makeKey(world, project, 'write', { transports })
  const ask = asker(url)
  let asked = 0
  const changes: Record<(typeof names)[number], () => Promise<() => Promise<Reply>>> = {
    'approvals.create': async () => () =>
      ask('POST', '/v1/approvals', {
        key,
        body: { key_path: 'a', value: canary, initial_value: canary, pin: pins.right, info: canary },
      }),
    'approvals.create, once': async () => () =>
      ask('POST', '/v1/approvals', {
        key,
        headers: { 'idempotency-key': `${canary} ${++asked}` },
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
      const { token } = await makeApproval(world, actor, { value: canary, pin: pins.right })
      return () => browser(url).press(token, 'approve', { pin: pins.wrong, comment: canary })
    },
    'approvals.report': async () => {
      const { token } = await makeApproval(world, actor)
      const page = browser(url)
      const { csrf_token } = (await page.open(token)).body
      return () => page.post(`/v1/link/approvals/${token}/report`, { csrf_token })
    },
    'demo.create': async () => () => ask('POST', '/v1/demo/approvals'),
  }
  return { changes, keys: [key, everywhere] }
}

/** Every change by its name; which service it is made at is said later. */
export const names = [
  'approvals.create',
  'approvals.create, once',
  'values.put, the key in the query',
  'approvals.create, the key in the body',
  'values.put',
  'values.delete',
  'approvals.invalidate',
  'approvals.act',
  'approvals.act by tRPC',
  'a wrong PIN',
  'approvals.report',
  'demo.create',
] as const

/** Everything that a change could have changed, but for attempts, which are spent before anything else. */
export async function everything(sql: Sql): Promise<string> {
  const [row] = await sql`
    select md5(coalesce((select string_agg((a.id, a.status, a.ended_at)::text, '|' order by id) from approvals a), '')
      || coalesce((select string_agg(v::text, '|' order by project_id, key_path) from "values" v), '')
      || (select count(*) from events) || (select count(*) from value_versions) || (select count(*) from idempotency)
      || (select count(*) from projects) || (select count(*) from api_keys)) as sum`
  return row?.sum
}
