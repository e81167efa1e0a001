import type { Fragment } from 'postgres'
import type { z } from 'zod'
import type { PermissionStatus, permissionRequest } from '../../shared/contract/permission.ts'
import { refuse } from '../../shared/errors.ts'
import { holds } from '../../shared/scopes.ts'
import type { ActorRef } from '../../shared/words.ts'
import type { Ctx, KeyActor, PersonActor } from '../context.ts'
import { hmac, sameText } from '../lib/crypto.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { World } from '../world.ts'

type Json = Record<string, unknown>

/** A permission request with what its approval says, where it has one; `status` as the database's clock sees it. */
export type PermissionRow = {
  id: string
  project_id: string
  live_project_id: string
  env: 'live' | 'test'
  agent_id: string | null
  key_family: string
  asked_by: ActorRef
  action: string
  resource: string | null
  scope: Json
  context: Json
  action_hash: string
  ttl: number
  uses: number
  used: number
  created_at: Date
  status: PermissionStatus
  granted: Json | null
  ends_at: Date
  answered_at: Date | null
  answered_by: ActorRef | null
  reason: string | null
}

/** What the key path of a permission request's approval is: the address of the request. */
export const pathOf = (id: string): string => `permissions/${id}`

/**
 * Where a request `p` with the approval `a` stands. Nobody answered what was withdrawn; what was reported as unexpected, or
 * locked, is a no.
 */
export const statusOf = (sql: Sql): Fragment => sql`
  case when p.revoked_at is not null then 'revoked'
    when p.answer = 'denied' then 'denied'
    when p.answer = 'approved' then
      case when p.used >= p.uses then 'used' when p.granted_until <= now() then 'expired' else 'approved' end
    when a.status = 'expired' or (a.status = 'pending' and a.expires_at <= now()) then 'expired'
    when a.status = 'pending' then 'pending'
    when a.status = 'invalidated' and not a.reported then 'revoked'
    else 'denied' end`

/** The requests that fit; `rest` begins with `and`, and may order and limit. What was withdrawn or ran out was answered by nobody. */
export const selectPermissions = (sql: Sql, projectId: string, rest: Fragment): Promise<PermissionRow[]> =>
  sql<PermissionRow[]>`
    select p.id, p.project_id, coalesce(home.test_of, home.id) as live_project_id,
      case when home.test_of is null then 'live' else 'test' end as env, p.agent_id, p.key_family, p.asked_by, p.action,
      p.resource, p.scope, p.context, p.action_hash, p.ttl, p.uses, p.used, p.created_at, ${statusOf(sql)} as status, p.granted,
      coalesce(p.granted_until, a.expires_at, p.answered_at) as ends_at,
      coalesce(p.answered_at, case when a.reported then a.ended_at end) as answered_at,
      coalesce(p.answered_by, case when a.reported then a.ended_by end) as answered_by,
      coalesce(p.reason, a.decision_comment, case when a.reported then 'The approver did not expect this.' end) as reason
    from permissions p join projects home on home.id = p.project_id left join approvals a on a.id = p.id
    where p.project_id = ${projectId} ${rest}`

/** What is done with a request: looking at it, ending it, or using its token, which only those can whose it is. */
export type Reach = 'look' | 'end' | 'use'

/** Who reaches the requests of all agents: people, and keys with the scope for it. */
const reachesAll = (actor: KeyActor | PersonActor, reach: Reach): boolean => {
  if (reach === 'use') return false
  if (actor.type === 'person' || holds(actor.scopes, 'agents:write')) return true
  return reach === 'look' && holds(actor.scopes, 'agents:read')
}

/** The line that asks: a key's, which its successors belong to, or a person who tries it out from the dashboard. */
export const lineOf = (actor: KeyActor | PersonActor): string =>
  actor.type === 'key' ? actor.family : `person ${actor.id}`

/** The requests that somebody reaches, of `permissions p`: an agent its own, whichever of its keys asked. */
export const reachedBy = (sql: Sql, actor: KeyActor | PersonActor, reach: Reach): Fragment => {
  if (reachesAll(actor, reach)) return sql``
  const agentId = actor.type === 'key' ? (actor.agent?.id ?? null) : null
  return sql`and (p.key_family = ${lineOf(actor)} or p.agent_id = ${agentId}::text)`
}

/** One request that the actor reaches. Refuses NOT_FOUND, also for another agent's. */
export async function findPermission(
  ctx: Ctx<KeyActor | PersonActor>,
  id: string,
  reach: Reach = 'look',
): Promise<PermissionRow> {
  const { sql } = ctx.world.db
  const which = sql`and p.id = ${id} ${reachedBy(sql, ctx.actor, reach)}`
  const [row] = await selectPermissions(sql, ctx.actor.projectId, which)
  return row ?? refuse('NOT_FOUND', { sentence: 'There is no such permission request.' })
}

/** Its token: derived from what it is for, so that there is nothing to store, to leak or to lose. */
export const tokenOf = ({ keys }: World, row: Pick<PermissionRow, 'id' | 'key_family' | 'action_hash'>): string =>
  `otp_v1_${hmac(keys.pepper, `permission token ${row.id} ${row.key_family} ${row.action_hash}`).toString('base64url')}`

export const isItsToken = (world: World, row: PermissionRow, token: string): boolean =>
  sameText(token, tokenOf(world, row))

/** What is allowed once it is approved; until then what was asked. */
export const scopeOf = (row: PermissionRow): Json => row.granted ?? row.scope

/** Whether the token is shown: to the line of keys that asked, until its first use. */
const showsToken = (actor: KeyActor | PersonActor, row: PermissionRow): boolean =>
  row.status === 'approved' && row.used === 0 && actor.type === 'key' && actor.family === row.key_family

/** A request as the actor sees it. */
export function present(
  { world, actor }: Ctx<KeyActor | PersonActor>,
  row: PermissionRow,
): z.input<typeof permissionRequest> {
  const { publicUrl } = world.config
  return {
    id: row.id,
    status: row.status,
    env: row.env,
    agent: row.asked_by,
    action: row.action,
    resource: row.resource,
    scope: scopeOf(row),
    requested_scope: row.scope,
    context: row.context,
    ttl: row.ttl,
    uses: row.uses,
    uses_remaining: row.uses - row.used,
    ...(showsToken(actor, row) ? { token: tokenOf(world, row) } : {}),
    reason: row.reason,
    decided_by: row.status === 'pending' ? null : row.answered_by,
    decided_at: row.status === 'pending' ? null : (row.answered_at?.toISOString() ?? null),
    expires_at: row.ends_at.toISOString(),
    created_at: row.created_at.toISOString(),
    action_hash: row.action_hash,
    ...(row.status === 'pending' ? { approval_url: `${publicUrl}/p/${row.live_project_id}/requests/${row.id}` } : {}),
    poll_url: `${publicUrl}/v1/permissions/${row.id}`,
  }
}
