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

/** The requests that fit; `rest` begins with `and`, and may order and limit. */
export const selectPermissions = (sql: Sql, projectId: string, rest: Fragment): Promise<PermissionRow[]> =>
  sql<PermissionRow[]>`
    select p.id, p.project_id, coalesce(home.test_of, home.id) as live_project_id,
      case when home.test_of is null then 'live' else 'test' end as env, p.agent_id, p.key_family, p.asked_by, p.action,
      p.resource, p.scope, p.context, p.action_hash, p.ttl, p.uses, p.used, p.created_at, ${statusOf(sql)} as status, p.granted,
      coalesce(p.granted_until, a.expires_at, p.answered_at) as ends_at,
      coalesce(p.answered_at, a.ended_at) as answered_at, coalesce(p.answered_by, a.ended_by) as answered_by,
      coalesce(p.reason, a.decision_comment, case when a.reported then 'The approver did not expect this.' end) as reason
    from permissions p join projects home on home.id = p.project_id left join approvals a on a.id = p.id
    where p.project_id = ${projectId} ${rest}`

/** True of keys that see every agent's requests. */
const seesAll = (actor: KeyActor | PersonActor): boolean =>
  actor.type === 'person' || holds(actor.scopes, 'agents:read') || holds(actor.scopes, 'agents:write')

/** The requests that somebody may see, of `permissions p`: people all of the project, an agent its own. */
export const visibleTo = (sql: Sql, actor: KeyActor | PersonActor): Fragment => {
  if (seesAll(actor) || actor.type === 'person') return sql``
  return sql`and (p.key_family = ${actor.family} or p.agent_id = ${actor.agent?.id ?? null}::text)`
}

/** One request that the actor may see. Refuses NOT_FOUND, also for another agent's. */
export async function findPermission(
  ctx: Ctx<KeyActor | PersonActor>,
  id: string,
  sql: Sql = ctx.world.db.sql,
): Promise<PermissionRow> {
  const [row] = await selectPermissions(sql, ctx.actor.projectId, sql`and p.id = ${id} ${visibleTo(sql, ctx.actor)}`)
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
