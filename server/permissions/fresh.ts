import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import type { ActorRef } from '../../shared/words.ts'
import { linkDigest } from '../approvals/approval.ts'
import { actorRef, type Ctx, type KeyActor, type PersonActor } from '../context.ts'
import { telling } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'
import { makeLinkToken } from '../lib/token.ts'
import type { Verdict } from '../policies/verdict.ts'
import { liveProjectOf } from '../projects/project.ts'
import { lineOf, type PermissionRow } from './permission.ts'
import { shownOf } from './shown.ts'

type Wish = z.output<typeof contract.permissions.request.input>
type Asker = Ctx<KeyActor | PersonActor>

/** Who asks: the line of keys that the token is for, and the agent whose they are. */
export const askerOf = ({ actor }: Asker) =>
  actor.type === 'key'
    ? { keyFamily: lineOf(actor), agentId: actor.agent?.id ?? null, makerId: actor.makerId }
    : // A person who tries it out from the dashboard; no key will ever read the token.
      { keyFamily: lineOf(actor), agentId: null, makerId: actor.id }

/** Whether the asker tries out: with a test key, or as a person among the test objects. */
export const isTrying = ({ actor }: Asker): boolean =>
  actor.type === 'key' ? actor.env === 'test' : actor.projectId !== actor.liveProjectId

/** The columns that every request has, as the CTE `made`. */
const asking = (sql: Sql, ctx: Asker, id: string, wish: Wish, hash: string) => {
  const { keyFamily, agentId } = askerOf(ctx)
  return sql`${id}, ${ctx.actor.projectId}, ${agentId}, ${keyFamily}, ${sql.json(actorRef(ctx.actor))}::jsonb,
    ${wish.action}, ${wish.resource ?? null}, ${sql.json(wish.scope as never)}::jsonb,
    ${sql.json(wish.context as never)}::jsonb, ${hash}, ${wish.ttl}::int, ${wish.uses}::int`
}
const askingColumns = (sql: Sql) =>
  sql`id, project_id, agent_id, key_family, asked_by, action, resource, scope, context, action_hash, ttl, uses`

const told = (sql: Sql, ctx: Asker, status: 'pending' | 'approved' | 'denied', policyId: string | null) =>
  telling(sql, ctx, {
    name: 'permission.requested',
    target: sql`'permission:' || id`,
    payload: sql`jsonb_build_object('permission_id', id, 'action', action, 'resource', resource, 'status', ${status}::text,
      'policy_id', ${policyId}::text)`,
    from: sql`made`,
  })

type Made = { created_at: Date; ends_at: Date }

/** A request as it was just made: what is known need not be read again. */
function rowOf(
  ctx: Asker,
  id: string,
  wish: Wish,
  hash: string,
  { created_at, ends_at }: Made,
  given?: Answer,
): PermissionRow {
  const { actor } = ctx
  const { keyFamily, agentId } = askerOf(ctx)
  return {
    ...wish,
    id,
    resource: wish.resource ?? null,
    project_id: actor.projectId,
    live_project_id: liveProjectOf(actor),
    env: isTrying(ctx) ? 'test' : 'live',
    agent_id: agentId,
    key_family: keyFamily,
    asked_by: actorRef(actor),
    action_hash: hash,
    used: 0,
    created_at,
    status: given?.answer ?? 'pending',
    granted: given?.granted ?? null,
    ends_at,
    answered_at: given ? created_at : null,
    answered_by: given?.by ?? null,
    reason: given?.reason ?? null,
  }
}

/** Asks a person: the request and its approval are one statement. Nobody is ever given its link. */
export async function askPerson(sql: Sql, ctx: Asker, wish: Wish): Promise<PermissionRow> {
  const id = newId()
  const { action_hash, ...shown } = shownOf(id, wish)
  const { keyFamily, makerId } = askerOf(ctx)
  const [made] = await sql<Made[]>`
    with asked as (
      insert into approvals (id, project_id, kind, link_digest, key_path, actions, payload, action_hash, comment, link,
        maker_id, key_family, created_by, expires_at)
      values (${id}, ${ctx.actor.projectId}, 'permission', ${linkDigest(ctx.world, makeLinkToken())}, ${shown.key_path},
        ${sql.json(shown.actions)}, ${sql.json(shown.payload as never)}, ${action_hash}, 'optional', 'signed_in',
        ${makerId}, ${keyFamily}, ${sql.json(actorRef(ctx.actor))}, now() + make_interval(secs => ${wish.ttl}::float8))
      returning id, expires_at
    ), made as (
      insert into permissions (${askingColumns(sql)}) select ${asking(sql, ctx, id, wish, action_hash)} from asked
      returning id, project_id, action, resource, created_at
    ), told as (${told(sql, ctx, 'pending', null)})
    select made.created_at, asked.expires_at as ends_at from made, asked`
  if (!made) throw new Error('The request was not stored.')
  return rowOf(ctx, id, wish, action_hash, made)
}

/** Who answers in place of a person. */
export type Answer = {
  answer: 'approved' | 'denied'
  by: ActorRef
  reason: string | null
  /** Null: as it was asked. */
  granted: Record<string, unknown> | null
  /** The policy whose answer it is, as it was read. */
  rule: Verdict['rule']
}

/**
 * Answers at once. Undefined, with nothing stored, when the policy has changed or ended since it was read: an answer is
 * never that of a rule which no longer holds. Nor does a token outlive the standing yes that gave it.
 */
export async function answerAtOnce(
  sql: Sql,
  ctx: Asker,
  wish: Wish,
  given: Answer,
): Promise<PermissionRow | undefined> {
  const id = newId()
  const { rule, answer, granted } = given
  const hash = shownOf(id, wish).action_hash
  const tokenEnds = sql`now() + make_interval(secs => ${wish.ttl}::float8)`
  const holding = rule
    ? sql`select least(${tokenEnds}, expires_at) as ends_at from policies where id = ${rule.id} and version = ${rule.version}
        and enabled and (expires_at is null or expires_at > clock_timestamp()) for share`
    : sql`select ${tokenEnds} as ends_at`
  const [made] = await sql<Made[]>`
    with holding as (${holding}), made as (
      insert into permissions (${askingColumns(sql)}, answer, answered_at, answered_by, reason, granted, granted_until)
      select ${asking(sql, ctx, id, wish, hash)}, ${answer}, now(), ${sql.json(given.by)}::jsonb,
        ${given.reason}, ${granted === null ? null : sql.json(granted as never)}::jsonb,
        case when ${answer === 'approved'} then ends_at end
      from holding
      returning id, project_id, action, resource, created_at, coalesce(granted_until, answered_at) as ends_at
    ), told as (${told(sql, ctx, answer, rule?.id ?? null)})
    select created_at, ends_at from made`
  return made && rowOf(ctx, id, wish, hash, made, given)
}
