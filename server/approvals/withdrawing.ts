import { actorRef, type Ctx } from '../context.ts'
import { tellingEach } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'

/** Of one statement. */
const most = 100

/**
 * The lines of keys that ask as one with a key: its own line of rotations, or all of its agent. Their rows are held, so
 * that of two who end the last two keys at once one sees what the other did.
 */
export async function linesOf(tx: Sql, projectId: string, keyId: string): Promise<string[]> {
  const rows = await tx<{ family: string }[]>`
    select k.family from api_keys one join api_keys k on k.family = one.family or k.agent_id = one.agent_id
    where one.id = ${keyId} and one.project_id in (select id from projects where id = ${projectId} or test_of = ${projectId})
    order by k.id for no key update of k`
  return [...new Set(rows.map(({ family }) => family))]
}

/** The same of an agent that is held already. */
export async function linesOfAgent(tx: Sql, agentId: string): Promise<string[]> {
  const rows = await tx<{ family: string }[]>`select distinct family from api_keys where agent_id = ${agentId}`
  return rows.map(({ family }) => family)
}

/**
 * Withdraws what these lines of keys asked and nobody answered: permission requests, and all that an agent asked. Not while
 * somebody is left who would be told the answer: of a permission, whose token is for the line that asked, a key of that
 * line, and of an approval any key of the agent. Within the transaction that ended a key or an agent; the
 * approval is held before the request, as a decision does.
 */
export async function withdrawAsked(tx: Sql, ctx: Ctx, lines: string[], reason: string): Promise<void> {
  const by = tx.json(actorRef(ctx.actor))
  for (;;) {
    const withdrawn = await tx`
      with due as (
        select a.id from approvals a
        where a.key_family = any (${lines}) and a.status = 'pending' and a.expires_at > clock_timestamp()
          and a.project_id in (select k.project_id from api_keys k where k.family = any (${lines}))
          and (a.kind = 'permission' or a.created_by ->> 'type' = 'agent')
          and not exists (
            select 1 from api_keys k left join agents g on g.id = k.agent_id
            where k.family = any (${lines}) and (a.kind <> 'permission' or k.family = a.key_family)
              and k.project_id = a.project_id and k.revoked_at is null
              and k.disabled_at is null and g.disabled_at is null and (k.expires_at is null or k.expires_at > now()))
        order by a.id limit ${most} for update of a
      ), withdrawn as (
        update approvals a set status = 'invalidated', ended_at = clock_timestamp(), ended_by = ${by}::jsonb
        from due where a.id = due.id
        returning a.id, a.project_id, a.key_path, a.ref_id
      ), revoked as (
        update permissions p set revoked_at = clock_timestamp(), reason = ${reason}
        from withdrawn where p.id = withdrawn.id
        returning p.id, p.project_id, p.action, p.resource, p.reason
      ), told as (${tellingEach(tx, ctx, most, {
        name: 'approval.invalidated',
        target: tx`'approval:' || id`,
        payload: tx`jsonb_build_object('approval_id', id, 'key_path', key_path, 'ref_id', ref_id)`,
        from: tx`withdrawn`,
      })}), told_revoked as (${tellingEach(tx, ctx, most, {
        name: 'permission.revoked',
        target: tx`'permission:' || id`,
        payload: tx`jsonb_build_object('permission_id', id, 'action', action, 'resource', resource, 'reason', reason)`,
        from: tx`revoked`,
      })})
      select id from withdrawn`
    if (withdrawn.length < most) return
  }
}
