import type { Fragment } from 'postgres'
import type { z } from 'zod'
import type { agent } from '../../shared/contract/agent.ts'
import type { ActorRef } from '../../shared/words.ts'
import type { Sql } from '../lib/driver/connect.ts'

/** An agent as its project sees it; what is counted is counted by the database's clock. */
export type AgentRow = {
  id: string
  project_id: string
  name: string
  description: string
  metadata: Record<string, unknown>
  disabled: boolean
  created_at: Date
  created_by: ActorRef
  last_activity_at: Date | null
  live_keys: number
  test_keys: number
  pending: number
}

/**
 * The agents of a live project that fit; `rest` begins with `and`, and may order, limit and lock `g`. Keys are counted in
 * the project and its twin; what waits for an answer is asked in the live one only.
 */
export const selectAgents = (sql: Sql, projectId: string, rest: Fragment): Promise<AgentRow[]> =>
  sql<AgentRow[]>`
    select g.id, g.project_id, g.name, g.description, g.metadata, g.disabled_at is not null as disabled, g.created_at,
      g.created_by, held.last_activity_at, held.live_keys, held.test_keys, waiting.pending
    from agents g
    cross join lateral (
      select max(u.at) as last_activity_at,
        (count(*) filter (where works and k.env = 'live'))::int as live_keys,
        (count(*) filter (where works and k.env = 'test'))::int as test_keys
      from api_keys k left join key_uses u on u.key_id = k.id
      cross join lateral (select g.disabled_at is null and k.revoked_at is null and k.disabled_at is null
        and (k.expires_at is null or k.expires_at > now()) as works) as standing
      where k.agent_id = g.id
    ) as held
    cross join lateral (
      select count(*)::int as pending from approvals a join permissions p on p.id = a.id
      where a.project_id = g.project_id and a.status = 'pending' and a.expires_at > now() and p.agent_id = g.id
    ) as waiting
    where g.project_id = ${projectId} ${rest}`

/** All agents of a live project, newest first. */
export const listAgents = (sql: Sql, projectId: string): Promise<AgentRow[]> =>
  selectAgents(sql, projectId, sql`order by g.id desc`)

/** One agent of a live project; `lock` keeps others from changing or ending it until the transaction ends. */
export async function findAgent(sql: Sql, projectId: string, id: string, lock = false): Promise<AgentRow | undefined> {
  const [row] = await selectAgents(sql, projectId, sql`and g.id = ${id} ${lock ? sql`for no key update of g` : sql``}`)
  return row
}

/** An agent as the contract shows it. */
export const shownAgent = (row: AgentRow): z.input<typeof agent> => ({
  id: row.id,
  name: row.name,
  description: row.description,
  metadata: row.metadata,
  disabled: row.disabled,
  created_at: row.created_at.toISOString(),
  created_by: row.created_by,
  last_activity_at: row.last_activity_at?.toISOString() ?? null,
  live_keys: row.live_keys,
  test_keys: row.test_keys,
  pending: row.pending,
})
