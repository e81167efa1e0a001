import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import type { ActorRef } from '../../shared/words.ts'
import { actionHashOf, linkDigest } from '../approvals/approval.ts'
import { actorRef, type Ctx, type KeyActor, type PersonActor } from '../context.ts'
import { telling } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'
import { makeLinkToken } from '../lib/token.ts'
import type { Verdict } from '../policies/verdict.ts'
import { pathOf } from './permission.ts'

type Wish = z.output<typeof contract.permissions.request.input>
type Asker = Ctx<KeyActor | PersonActor>

/** Who asks: the line of keys that the token is for, and the agent whose they are. */
export const askerOf = ({ actor }: Asker) =>
  actor.type === 'key'
    ? { keyFamily: actor.family, agentId: actor.agent?.id ?? null, makerId: actor.makerId }
    : // A person who tries it out from the dashboard; no key will ever read the token.
      { keyFamily: `person ${actor.id}`, agentId: null, makerId: actor.id }

/** What an approver of a request may press. */
const buttons = [
  { key: 'approve', value: 'approved', label: 'Approve', style: 'primary' },
  { key: 'deny', value: 'denied', label: 'Deny', style: 'danger' },
]

/** What is shown to the approver, and what the decision is bound to. */
function shownOf(id: string, { action, resource, scope, context, ttl, uses }: Wish) {
  const shown = {
    approval_id: id,
    key_path: pathOf(id),
    actions: buttons,
    info: null,
    ref_id: null,
    payload: { action, resource: resource ?? null, scope, context, ttl, uses },
    link: 'signed_in' as const,
  }
  return { ...shown, action_hash: actionHashOf(shown) }
}

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

/** Asks a person: the request and its approval are one statement. Nobody is ever given its link. */
export async function askPerson(sql: Sql, ctx: Asker, wish: Wish): Promise<string> {
  const id = newId()
  const { action_hash, ...shown } = shownOf(id, wish)
  const { keyFamily, makerId } = askerOf(ctx)
  await sql`
    with asked as (
      insert into approvals (id, project_id, kind, link_digest, key_path, actions, payload, action_hash, comment, link,
        maker_id, key_family, created_by, expires_at)
      values (${id}, ${ctx.actor.projectId}, 'permission', ${linkDigest(ctx.world, makeLinkToken())}, ${shown.key_path},
        ${sql.json(shown.actions)}, ${sql.json(shown.payload as never)}, ${action_hash}, 'optional', 'signed_in',
        ${makerId}, ${keyFamily}, ${sql.json(actorRef(ctx.actor))}, now() + make_interval(secs => ${wish.ttl}::float8))
      returning id
    ), made as (
      insert into permissions (${askingColumns(sql)}) select ${asking(sql, ctx, id, wish, action_hash)} from asked
      returning id, project_id, action, resource
    ), told as (${told(sql, ctx, 'pending', null)})
    select id from made`
  return id
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
 * Answers at once. False, with nothing stored, when the policy has changed or ended since it was read: an answer is never
 * that of a rule which no longer holds.
 */
export async function answerAtOnce(sql: Sql, ctx: Asker, wish: Wish, given: Answer): Promise<string | undefined> {
  const id = newId()
  const { rule } = given
  const stillHolds = rule
    ? sql`where exists (select 1 from policies where id = ${rule.id} and version = ${rule.version} and enabled
        and (expires_at is null or expires_at > clock_timestamp()) for share)`
    : sql``
  const [row] = await sql`
    with made as (
      insert into permissions (${askingColumns(sql)}, answer, answered_at, answered_by, reason, granted, granted_until)
      select ${asking(sql, ctx, id, wish, shownOf(id, wish).action_hash)}, ${given.answer}, now(), ${sql.json(given.by)}::jsonb,
        ${given.reason}, ${given.granted === null ? null : sql.json(given.granted as never)}::jsonb,
        case when ${given.answer === 'approved'} then now() + make_interval(secs => ${wish.ttl}::float8) end
      ${stillHolds}
      returning id, project_id, action, resource
    ), told as (${told(sql, ctx, given.answer, rule?.id ?? null)})
    select id from made`
  return row ? id : undefined
}
