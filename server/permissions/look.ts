import type { contract } from '../../shared/contract/index.ts'
import type { ActorRef } from '../../shared/words.ts'
import { findApproval } from '../approvals/approval.ts'
import { whyNot } from '../approvals/right.ts'
import type { Verb } from '../verb.ts'
import { findPermission, present } from './permission.ts'

type Around = {
  known_since: Date | null
  answered: boolean
  revoked_by: ActorRef | null
  standing: { policy_id: string; expires_at: string; by: ActorRef } | null
}

/** Reads a request with what its page needs to know about the asker, the agent and how it ended. */
export const look: Verb<typeof contract.permissions.look> = async (ctx, { id }) => {
  const { actor } = ctx
  const { sql } = ctx.world.db
  const [row, [around], asked] = await Promise.all([
    findPermission(ctx, id),
    sql<Around[]>`
      select g.created_at as known_since, p.answer is not null as answered,
        coalesce(
          (select e.actor from events e where e.project_id = p.project_id and e.target = 'permission:' || p.id
            and e.name = 'permission.revoked' order by e.tick, e.seq limit 1),
          case when a.status = 'invalidated' then a.ended_by end) as revoked_by,
        (select jsonb_build_object('policy_id', s.id, 'by', s.created_by,
            'expires_at', to_char(s.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
          from policies s
          where s.project_id = p.project_id and s.standing and s.enabled and s.expires_at > now()
            and s.agent_id is not distinct from p.agent_id
            and (p.agent_id is not null or s.key_family = p.key_family)
            and s.exact_scope = p.scope
            and s.matchers @> jsonb_build_array(jsonb_build_object('field', 'action', 'value', p.action))
            and s.matchers @> jsonb_build_array(case when p.resource is null
              then '{"field": "resource", "op": "absent"}'::jsonb
              else jsonb_build_object('field', 'resource', 'value', p.resource) end)
          order by s.expires_at desc limit 1) as standing
      from permissions p left join agents g on g.id = p.agent_id left join approvals a on a.id = p.id
      where p.id = ${id} and p.project_id = ${actor.projectId}`,
    findApproval(sql, actor.projectId, id),
  ])
  if (!around) throw new Error('A request that was found is gone.')
  const waits = row.status === 'pending' && asked !== undefined
  const why_not = waits ? (whyNot(actor, asked) ?? null) : null
  return {
    permission: present(ctx, row),
    known_since: around.known_since?.toISOString() ?? null,
    may_decide: waits && why_not === null,
    why_not,
    answered: around.answered,
    revoked_by: row.status === 'revoked' ? around.revoked_by : null,
    standing: around.standing,
  }
}
