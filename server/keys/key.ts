import type { Fragment } from 'postgres'
import type { z } from 'zod'
import type { apiKey } from '../../shared/contract/key.ts'
import type { KeyEnv, Logging, Scope, Transport } from '../../shared/scopes.ts'
import type { ActorRef } from '../../shared/words.ts'
import { linesOf, withdrawAsked } from '../approvals/withdrawing.ts'
import type { Ctx } from '../context.ts'
import { telling } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import { type Alert, alertsOf } from './alerts.ts'

export type ShownKey = z.input<typeof apiKey>

/** A key as its project may see it again: never the text. */
export type KeyRow = {
  id: string
  project_id: string
  name: string
  description: string
  prefix: string
  last4: string
  env: KeyEnv
  scopes: Scope[]
  key_paths: string[] | null
  account_tags: string[] | null
  ip_allowlist: string[] | null
  transports: Transport[]
  /** What is kept now: `none` once its time is over. */
  logging: Logging
  logging_until: Date | null
  created_at: Date
  created_by: ActorRef
  expires_at: Date | null
  revoked_at: Date | null
  replaced_by: string | null
  agent_id: string | null
  family: string
  status: ShownKey['status']
  used_at: Date | null
  used_ip: string | null
  used_agent: string | null
  alerts: Alert[]
}

/** A project and its twin: a key of either is shown and changed in the live one. */
export const keysOf = (sql: Sql, projectId: string): Fragment =>
  sql`(select id from projects where id = ${projectId} or test_of = ${projectId})`

/** Where a key stands, by the database's clock. */
const standing = (sql: Sql) => sql`
  case when k.revoked_at is not null then 'revoked' when k.expires_at <= now() then 'expired'
    when k.disabled_at is not null then 'disabled' else 'active' end`

/** The keys of a project that fit; `rest` begins with `and`, and may order, limit and lock `k`. */
export const selectKeys = (sql: Sql, projectId: string, rest: Fragment): Promise<KeyRow[]> =>
  sql<KeyRow[]>`
    select k.id, k.project_id, k.name, k.description, k.prefix, k.last4, k.env, k.scopes, k.key_paths, k.account_tags,
      k.ip_allowlist, k.transports, case when k.logging_until <= now() then 'none' else k.logging end as logging, k.logging_until,
      k.created_at, k.created_by, k.expires_at, k.revoked_at, k.replaced_by, k.agent_id, k.family, status, u.at as used_at, u.ip as used_ip,
      u.user_agent as used_agent, ${alertsOf(sql)} as alerts
    from api_keys k
    cross join lateral (select ${standing(sql)} as status) as standing
    cross join lateral (select status = 'active' and k.replaced_by is null as stays) as staying
    left join key_uses u on u.key_id = k.id
    where k.project_id in ${keysOf(sql, projectId)} ${rest}`

/** The keys of a project and its twin, newest first. */
export const listKeys = (sql: Sql, projectId: string): Promise<KeyRow[]> =>
  selectKeys(sql, projectId, sql`order by k.id desc`)

/** One key of a project or its twin; `lock` holds its row until the transaction ends. */
export async function findKey(sql: Sql, projectId: string, id: string, lock = false): Promise<KeyRow | undefined> {
  const [row] = await selectKeys(sql, projectId, sql`and k.id = ${id} ${lock ? sql`for update of k` : sql``}`)
  return row
}

/**
 * Revokes a key for good, at once on every node, and withdraws what it asked if no other key of its line or agent goes on;
 * `undefined` when the project has no such key. Idempotent.
 */
export const revokeKey = (sql: Sql, ctx: Ctx, projectId: string, id: string): Promise<KeyRow | undefined> =>
  atomically(sql, async (tx) => {
    const lines = await linesOf(tx, projectId, id)
    const [gone] = await tx`
      with gone as (
        update api_keys k set revoked_at = now() from projects p
        where k.id = ${id} and k.revoked_at is null and k.project_id in ${keysOf(tx, projectId)} and p.id = k.project_id
        returning coalesce(p.test_of, p.id) as project_id, k.id, k.name
      ), told as (${telling(tx, ctx, {
        name: 'key.revoked',
        target: tx`'key:' || id`,
        payload: tx`jsonb_build_object('key_id', id, 'name', name)`,
        from: tx`gone`,
      })})
      select id from gone`
    if (gone) await withdrawAsked(tx, ctx, lines, 'The key that asked was revoked.')
    return findKey(tx, projectId, id)
  })

const iso = (at: Date | null) => at?.toISOString() ?? null

/** A key as the contract shows it. */
export const shownKey = (row: KeyRow): ShownKey => ({
  id: row.id,
  name: row.name,
  description: row.description,
  prefix: row.prefix,
  last4: row.last4,
  scopes: row.scopes,
  key_paths: row.key_paths,
  account_tags: row.account_tags,
  ip_allowlist: row.ip_allowlist,
  transports: row.transports,
  logging: row.logging,
  logging_until: row.logging === 'none' ? null : iso(row.logging_until),
  env: row.env,
  status: row.status,
  created_at: row.created_at.toISOString(),
  created_by: row.created_by,
  expires_at: iso(row.expires_at),
  revoked_at: iso(row.revoked_at),
  last_used:
    row.used_at && row.used_ip !== null
      ? { at: row.used_at.toISOString(), ip: row.used_ip, user_agent: row.used_agent }
      : null,
  agent_id: row.agent_id,
  replaced_by: row.replaced_by,
  alerts: row.alerts,
})
